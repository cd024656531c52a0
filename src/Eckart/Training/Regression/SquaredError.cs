using Eckart.Training.Kernels;

namespace Eckart.Training.Regression;

/// <summary>Squared error of what is predicted of each y at the position of its x, over d, and its gradient, in one go.</summary>
internal static class SquaredError
{
    /// <summary>The sum of the losses; adds to the gradient of the head.</summary>
    /// <param name="model">Whose head it is.</param>
    /// <param name="weights">The parameters and their gradient.</param>
    /// <param name="states">(B·T, C) after the final norm, T odd: x at even positions.</param>
    /// <param name="outputs">(B · (T + 1) / 2): each y.</param>
    /// <param name="dimensions">d: the row of the head that predicts, and what the error is divided by.</param>
    /// <param name="memory">Of the pass.</param>
    /// <returns>The loss, and its gradient by the states, (B·T, C), of the pass's memory.</returns>
    public static (double Loss, Matrix Gradient) Backward(TrainableLm model, Replica weights, Matrix states, ReadOnlySpan<float> outputs, int dimensions, WorkMemory memory)
    {
        var head = weights.Weights.Matrix(model.Head).Row(dimensions);
        var toHead = weights.GradientOf(model.Head).Row(dimensions);
        var biased = weights.Weights.Map(model.Head).HasBias;
        var bias = biased ? weights.Weights.Matrix(model.Head, bias: true).Values[dimensions] : 0;
        var gradient = memory.TakeZeros(states.Rows, states.Columns);
        var sequences = (2 * outputs.Length) - states.Rows;         // each has one x more than it has y
        var (points, loss) = (outputs.Length / sequences, 0.0);
        for (var i = 0; i < outputs.Length; i++)
        {
            var row = (2 * i) - (i / points);
            var error = RowBlend.Dot(head, states.Row(row)) + bias - outputs[i];
            loss += (double)error * error / dimensions;
            var slope = 2 * error / dimensions;
            RowBlend.Add(slope, head, gradient.Row(row));
            RowBlend.Add(slope, states.Row(row), toHead);
            if (biased) weights.GradientOf(model.Head, bias: true).Values[dimensions] += slope;
        }

        return (loss, gradient);
    }
}
