using TorchSharp;

namespace Eckart.Models;

/// <summary>A norm over the last dimension, in float32 whatever the dtype of its input.</summary>
internal sealed class Norm(NormKind kind, torch.Tensor weight, torch.Tensor? bias, double epsilon) : IDisposable
{
    // Held here: TorchSharp lets the collector free a number that it made for a call before the call has read it (so does square, which is pow(2)).
    private readonly Scalar held = epsilon;

    /// <summary>Which norm.</summary>
    public NormKind Kind => kind;

    /// <summary>(C), float32.</summary>
    public torch.Tensor Weight => weight;

    /// <summary>(C), float32, or null.</summary>
    public torch.Tensor? Bias => bias;

    /// <summary>ε.</summary>
    public double Epsilon => epsilon;

    /// <summary>Normalises each row.</summary>
    /// <param name="x">(T, C).</param>
    /// <returns>(T, C), fresh, in the input's dtype.</returns>
    public torch.Tensor Forward(torch.Tensor x)
    {
        using var scope = torch.NewDisposeScope();
        var wide = x.to(torch.float32);
        var normal = kind == NormKind.Layer
            ? torch.nn.functional.layer_norm(wide, weight.shape, weight, bias, epsilon)
            : wide.mul(wide.mul(wide).mean([-1], keepdim: true).Plus(held).rsqrt_()).mul_(weight);
        return normal.to(x.dtype).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        weight.Dispose();
        bias?.Dispose();
        held.Dispose();
    }
}
