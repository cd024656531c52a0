using Eckart.Models;
using Eckart.Training.Kernels;

namespace Eckart.Training;

/// <summary>From mixtures of tokens to what the first layer reads, and back: <see cref="TokenEmbedding"/> where a position holds several tokens, each as much as its number says.</summary>
internal static class MixtureEmbedding
{
    /// <summary>The embeddings of each position's tokens, times their amounts, added up.</summary>
    /// <param name="mixtures">(B·T, V), row by row.</param>
    /// <param name="weights">The parameters.</param>
    /// <param name="memory">Of the pass.</param>
    /// <returns>(B·T, C), of the pass's memory.</returns>
    public static Matrix Forward(ReadOnlySpan<float> mixtures, Replica weights, WorkMemory memory)
    {
        var table = weights.Weights.Matrix(Part.Embedding);
        var x = memory.TakeZeros(mixtures.Length / table.Rows, table.Columns);
        for (var i = 0; i < mixtures.Length; i++)
            if (mixtures[i] != 0) RowBlend.Add(mixtures[i], table.Row(i % table.Rows), x.Row(i / table.Rows));
        return x;
    }

    /// <summary>Adds to the gradient of the embeddings.</summary>
    /// <param name="mixtures">As they were on the way there.</param>
    /// <param name="gradient">By what the first layer read, (B·T, C).</param>
    /// <param name="weights">The parameters and their gradient.</param>
    public static void Backward(ReadOnlySpan<float> mixtures, Matrix gradient, Replica weights)
    {
        var table = weights.GradientOf(Part.Embedding);
        for (var i = 0; i < mixtures.Length; i++)
            if (mixtures[i] != 0) RowBlend.Add(mixtures[i], gradient.Row(i / table.Rows), table.Row(i % table.Rows));
    }
}
