using Eckart.Engine.Kernels;
using Eckart.Models;
using Eckart.Training.Kernels;
using static TorchSharp.torch;

namespace Eckart.Training;

/// <summary>Root-mean-square norm as one operator with a gradient, in place of six that each go through memory.</summary>
internal sealed class NormFunction : autograd.SingleTensorFunction<NormFunction>
{
    private const string EpsilonKey = "epsilon";

    /// <inheritdoc/>
    public override string Name => nameof(NormFunction);

    /// <summary>x / √(mean x² + ε) · weight, row by row.</summary>
    /// <param name="x">(rows, C), contiguous float32.</param>
    /// <param name="weight">(C).</param>
    /// <param name="epsilon">ε.</param>
    public static Tensor Apply(Tensor x, Tensor weight, double epsilon) => apply(x, weight, epsilon);

    /// <inheritdoc/>
    public override unsafe Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, weight, epsilon) = ((Tensor)vars[0], (Tensor)vars[1], (double)vars[2]);
        ctx.save_for_backward([x, weight]);
        ctx.save_data(EpsilonKey, epsilon);
        var y = empty_like(x);
        RowNorm.RootMeanSquare((float*)TensorMemory.AddressOf(x), (float*)TensorMemory.AddressOf(weight), (float*)TensorMemory.AddressOf(y), (int)x.shape[0], (int)x.shape[1], (float)epsilon);
        return y;
    }

    /// <inheritdoc/>
    public override unsafe List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var saved = ctx.get_saved_variables();
        var (x, weight, epsilon) = (saved[0], saved[1], (double)ctx.get_data(EpsilonKey));
        var (xGradient, weightGradient) = (empty_like(x), zeros_like(weight));
        using var given = grad_output.contiguous();
        RowNormGradient.RootMeanSquare(
            (float*)TensorMemory.AddressOf(x), (float*)TensorMemory.AddressOf(weight), (float*)TensorMemory.AddressOf(given),
            (float*)TensorMemory.AddressOf(xGradient), (float*)TensorMemory.AddressOf(weightGradient), (int)x.shape[0], (int)x.shape[1], (float)epsilon);
        return [xGradient, weightGradient, null!];
    }
}
