using static TorchSharp.torch;

namespace Eckart.Models;

/// <summary>Rotary position embedding of queries and keys.</summary>
/// <remarks>Source: Su et al., arXiv 2104.09864. Angles are float32 products of position and frequency, as the reference implementations take them.</remarks>
internal sealed class Rotary(RotarySpec spec) : IDisposable
{
    private readonly Tensor frequencies = Frequencies(spec).DetachFromDisposeScope();

    /// <summary>Cosines and sines of positions 0 … T−1.</summary>
    /// <returns>Two (T, size/2), fresh.</returns>
    public (Tensor Cos, Tensor Sin) Angles(long tokens, ComputeOptions compute)
    {
        using var scope = NewDisposeScope();
        var angles = arange(tokens, float32).unsqueeze(1).mul(frequencies.unsqueeze(0));
        var cos = angles.cos().to(compute.Device).MoveToOuterDisposeScope();
        return (cos, angles.sin().to(compute.Device).MoveToOuterDisposeScope());
    }

    /// <summary>Rotates the leading dimensions of each head, in float32 whatever the dtype.</summary>
    /// <param name="x">(T, heads, D).</param>
    /// <param name="angles">Of <see cref="Angles"/>.</param>
    /// <returns>(T, heads, D), fresh.</returns>
    public Tensor Rotate(Tensor x, (Tensor Cos, Tensor Sin) angles)
    {
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
    public void Dispose() => frequencies.Dispose();

    private static Tensor Frequencies(RotarySpec spec)
    {
        using var scope = NewDisposeScope();
        var plain = pow(spec.Theta, arange(0, spec.Size, 2, float32).div(spec.Size)).reciprocal();
        return (spec.Scaling switch
        {
            null => plain,
            { Kind: RotaryScalingKind.Linear } linear => plain.div(linear.Factor),
            { Kind: RotaryScalingKind.Llama3 } llama3 => Llama3(plain, llama3),
            var other => throw new ArgumentOutOfRangeException(nameof(spec), other, "Not a rotary scaling."),
        }).MoveToOuterDisposeScope();
    }

    // Long wavelengths are divided by the factor, short ones kept, those between blended by how often they fit into the original context.
    private static Tensor Llama3(Tensor plain, RotaryScaling scaling)
    {
        var turns = plain.mul(scaling.OriginalPositions / (2 * Math.PI));
        var kept = turns.sub(scaling.LowFrequency).div(scaling.HighFrequency - scaling.LowFrequency).clamp(0, 1);
        return kept.mul(plain).add(kept.neg().add(1).mul(plain).div(scaling.Factor));
    }
}
