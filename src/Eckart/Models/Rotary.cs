using TorchSharp;
using static TorchSharp.torch;

namespace Eckart.Models;

/// <summary>Rotary position embedding of queries and keys.</summary>
/// <remarks>Source: Su et al., arXiv 2104.09864. Angles are float32 products of position and frequency, as the reference implementations take them.</remarks>
internal sealed class Rotary(RotarySpec spec) : IDisposable
{
    // Held here: TorchSharp lets the collector free a number that it made for a call before the call has read it.
    private readonly Scalar magnitude = spec.Scaling?.Magnitude ?? 1;
    private readonly Tensor frequencies = tensor(RotaryFrequencies.Of(spec, 0)).DetachFromDisposeScope();

    /// <summary>Whether the angles of a sequence depend on its length.</summary>
    /// <param name="spec">The rotation.</param>
    /// <param name="tokens">The length.</param>
    public static bool DependsOnLength(RotarySpec spec, long tokens) => spec.Scaling is { Kind: RotaryScalingKind.Dynamic } dynamic && tokens > dynamic.OriginalPositions;

    /// <summary>Cosines and sines of positions 0 … T−1 of a sequence of T tokens.</summary>
    /// <returns>Two (T, size/2), fresh.</returns>
    public (Tensor Cos, Tensor Sin) Angles(long tokens, ComputeOptions compute)
    {
        using var scope = NewDisposeScope();
        var each = DependsOnLength(spec, tokens) ? tensor(RotaryFrequencies.Of(spec, tokens)) : frequencies;
        var angles = arange(tokens, float32).unsqueeze(1).mul(each.unsqueeze(0));
        var cos = angles.cos().mul_(magnitude).to(compute.Device).MoveToOuterDisposeScope();
        return (cos, angles.sin().mul_(magnitude).to(compute.Device).MoveToOuterDisposeScope());
    }

    /// <summary>Rotates the leading dimensions of each head, in float32 whatever the dtype.</summary>
    /// <param name="x">(T, heads, D).</param>
    /// <param name="angles">Of <see cref="Angles"/>.</param>
    /// <returns>(T, heads, D), fresh.</returns>
    public Tensor Rotate(Tensor x, (Tensor Cos, Tensor Sin) angles)
    {
        if (spec.Size == 0) return x.clone();
        using var scope = NewDisposeScope();
        var turned = x.narrow(-1, 0, spec.Size).to(float32);
        var (cos, sin) = (angles.Cos.unsqueeze(1), angles.Sin.unsqueeze(1));
        var half = spec.Size / 2;
        var (first, second) = spec.Layout == RotaryLayout.Halves
            ? (turned.narrow(-1, 0, half), turned.narrow(-1, half, half))
            : (turned.slice(-1, 0, spec.Size, 2), turned.slice(-1, 1, spec.Size, 2));

        Tensor[] rotated = [first.mul(cos).sub_(second.mul(sin)), second.mul(cos).Plus(first.mul(sin))];
        var joined = (spec.Layout == RotaryLayout.Halves ? cat(rotated, -1) : stack(rotated, -1).flatten(-2, -1)).to(x.dtype);
        return (spec.Size == x.shape[^1] ? joined : cat([joined, x.narrow(-1, spec.Size, x.shape[^1] - spec.Size)], -1)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        frequencies.Dispose();
        magnitude.Dispose();
    }
}
