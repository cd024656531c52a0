using Eckart.Models;
using Eckart.Training.Kernels;
using static TorchSharp.torch;

namespace Eckart.Training;

/// <summary>Cross entropy of the next token, and its gradient, in one go: only at positions that count.</summary>
internal static class NextTokenLoss
{
    /// <summary>The sum of the weighted losses; adds to the gradient of the head.</summary>
    /// <param name="head">The stack that is the head.</param>
    /// <param name="weights">The parameters and their gradient.</param>
    /// <param name="states">(rows, C) after the final norm.</param>
    /// <param name="targets">The token that follows each.</param>
    /// <param name="rowWeights">Of each row's loss; where it is 0 the row is left out.</param>
    /// <param name="memory">For what is kept on the way.</param>
    /// <returns>The loss, and its gradient by the states, (rows, C), fresh, in the caller's dispose scope.</returns>
    public static (double Loss, Tensor Gradient) Backward(Part head, Replica weights, Tensor states, ReadOnlySpan<int> targets, ReadOnlySpan<float> rowWeights, WorkMemory memory)
    {
        var map = weights.Weights.Map(head);
        var (all, toAll) = (new Matrix(states, 0, states.shape[0], states.shape[1]), zeros_like(states));
        var counted = memory.Take(all.Rows, all.Columns);
        var rows = 0;
        for (var row = 0; row < all.Rows; row++)
            if (rowWeights[row] != 0) all.Row(row).CopyTo(counted.Row(rows++));
        counted = counted.First(rows);

        var logits = memory.Take(rows, weights.Weights.Matrix(head).Rows);
        map.Forward(counted, logits, accumulate: false, memory);
        var loss = Losses(logits, targets, rowWeights);
        map.AddGradient(counted, logits, weights.GradientOf(head), map.HasBias ? weights.GradientOf(head, bias: true) : null, memory);
        map.Backward(logits, counted, accumulate: false, memory);

        var to = new Matrix(toAll, 0, all.Rows, all.Columns);
        rows = 0;
        for (var row = 0; row < all.Rows; row++)
            if (rowWeights[row] != 0) counted.Row(rows++).CopyTo(to.Row(row));
        return (loss, toAll);
    }

    // Logits become gradients.
    private static unsafe double Losses(Matrix logits, ReadOnlySpan<int> targets, ReadOnlySpan<float> rowWeights)
    {
        var (loss, row) = (0.0, 0);
        for (var i = 0; i < targets.Length; i++)
            if (rowWeights[i] != 0) loss += CrossEntropy.Row(logits.Start + ((nint)row++ * logits.Columns), logits.Columns, targets[i], rowWeights[i]);
        return loss;
    }
}
