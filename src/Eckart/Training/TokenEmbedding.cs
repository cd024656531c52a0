using Eckart.Models;
using Eckart.Training.Kernels;

namespace Eckart.Training;

/// <summary>From token ids to what the first layer reads, and back.</summary>
internal static class TokenEmbedding
{
    /// <summary>The embedding of each token.</summary>
    /// <param name="ids">(B·T), each below V.</param>
    /// <param name="weights">The parameters.</param>
    /// <param name="memory">Of the pass.</param>
    /// <returns>(B·T, C), of the pass's memory.</returns>
    public static Matrix Forward(ReadOnlySpan<int> ids, Replica weights, WorkMemory memory)
    {
        var table = weights.Weights.Matrix(Part.Embedding);
        var x = memory.Take(ids.Length, table.Columns);
        for (var row = 0; row < ids.Length; row++) table.Row(ids[row]).CopyTo(x.Row(row));
        return x;
    }

    /// <summary>Adds to the gradient of the embeddings, row by row.</summary>
    /// <param name="ids">As they were on the way there.</param>
    /// <param name="gradient">By what the first layer read, (B·T, C).</param>
    /// <param name="weights">The parameters and their gradient.</param>
    public static unsafe void Backward(ReadOnlySpan<int> ids, Matrix gradient, Replica weights)
    {
        var table = weights.GradientOf(Part.Embedding);
        for (var row = 0; row < ids.Length; row++)
            RowSum.Add(gradient.Start + ((nint)row * gradient.Columns), 1, table.Columns, table.Start + ((nint)ids[row] * table.Columns));
    }
}
