using Eckart.Training.Kernels;

namespace Eckart.Training;

/// <summary>Cross entropy of the next token, and its gradient, in one go: only at positions that count.</summary>
internal static class NextTokenLoss
{
    /// <summary>The sum of the weighted losses; adds to the gradient of the head.</summary>
    /// <param name="model">Whose head it is.</param>
    /// <param name="weights">The parameters and their gradient.</param>
    /// <param name="states">(rows, C) after the final norm.</param>
    /// <param name="targets">The token that follows each.</param>
    /// <param name="rowWeights">Of each row's loss; where it is 0 the row is left out.</param>
    /// <param name="memory">Of the pass.</param>
    /// <returns>The loss, and its gradient by the states, (rows, C), of the pass's memory.</returns>
    public static (double Loss, Matrix Gradient) Backward(TrainableLm model, Replica weights, Matrix states, ReadOnlySpan<int> targets, ReadOnlySpan<float> rowWeights, WorkMemory memory)
    {
        var counted = memory.Take(states.Rows, states.Columns);
        var rows = 0;
        for (var row = 0; row < states.Rows; row++)
            if (rowWeights[row] != 0) states.Row(row).CopyTo(counted.Row(rows++));
        counted = counted.First(rows);

        var logits = model.Logits(weights.Weights, counted, memory);
        var loss = Losses(logits, targets, rowWeights);
        var map = weights.Weights.Map(model.Head);
        map.AddGradient(counted, logits, weights.GradientOf(model.Head), map.HasBias ? weights.GradientOf(model.Head, bias: true) : null, memory);
        map.Backward(logits, counted, accumulate: false, memory);

        var gradient = memory.TakeZeros(states.Rows, states.Columns);
        rows = 0;
        for (var row = 0; row < states.Rows; row++)
            if (rowWeights[row] != 0) counted.Row(rows++).CopyTo(gradient.Row(row));
        return (loss, gradient);
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
