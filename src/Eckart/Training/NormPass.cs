using Eckart.Engine.Kernels;
using Eckart.Models;
using Eckart.Training.Kernels;

namespace Eckart.Training;

/// <summary>A norm, there and back.</summary>
/// <param name="spec">Of the model.</param>
/// <param name="weights">The parameters and their gradient.</param>
/// <param name="part">Which norm.</param>
/// <param name="layer">Zero-based layer.</param>
internal sealed unsafe class NormPass(ModelSpec spec, Replica weights, Part part, int layer = 0)
{
    private readonly Matrix weight = weights.Weights.Matrix(part, layer);
    private readonly float epsilon = (float)spec.NormEpsilon;

    /// <summary>(rows, C) to (rows, C).</summary>
    public void Forward(Matrix x, Matrix y)
    {
        if (spec.Family.Norm == NormKind.Layer) RowNorm.Layer(x.Start, weight.Start, weights.Weights.Matrix(part, layer, bias: true).Start, y.Start, x.Rows, x.Columns, epsilon);
        else RowNorm.RootMeanSquare(x.Start, weight.Start, y.Start, x.Rows, x.Columns, epsilon);
    }

    /// <summary>Adds the gradient by x to what is there, and those by the norm's own parameters to the replica's.</summary>
    public void Backward(Matrix x, Matrix given, Matrix toX)
    {
        var toWeight = weights.GradientOf(part, layer).Start;
        if (spec.Family.Norm == NormKind.Layer) RowNormGradient.Layer(x.Start, weight.Start, given.Start, toX.Start, toWeight, weights.GradientOf(part, layer, bias: true).Start, x.Rows, x.Columns, epsilon);
        else RowNormGradient.RootMeanSquare(x.Start, weight.Start, given.Start, toX.Start, toWeight, x.Rows, x.Columns, epsilon);
    }
}
