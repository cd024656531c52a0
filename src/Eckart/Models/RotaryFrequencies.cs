using static TorchSharp.torch;

namespace Eckart.Models;

/// <summary>The frequencies of a rotary embedding under its scaling.</summary>
/// <remarks>Source: Su et al., arXiv 2104.09864; position interpolation, arXiv 2306.15595; YaRN, arXiv 2309.00071; LLaMA 3.1's and the dynamic rule as transformers has them.</remarks>
internal static class RotaryFrequencies
{
    /// <summary>Radians a position, of each pair of dimensions, in the single precision of the reference implementations.</summary>
    /// <param name="spec">The rotation.</param>
    /// <param name="tokens">Length of the sequence; bears on the dynamic rule only.</param>
    public static float[] Of(RotarySpec spec, long tokens) => spec.Scaling switch
    {
        null => Plain(spec.Size, spec.Theta),
        { Kind: RotaryScalingKind.Linear } linear => [.. Plain(spec.Size, spec.Theta).Select(plain => plain / (float)linear.Factor)],
        { Kind: RotaryScalingKind.Llama3 } llama3 => Llama3(Plain(spec.Size, spec.Theta), llama3),
        { Kind: RotaryScalingKind.Yarn } yarn => Yarn(Plain(spec.Size, spec.Theta), spec, yarn),
        { Kind: RotaryScalingKind.Dynamic } dynamic => Plain(spec.Size, RaisedBase(spec, dynamic, tokens)),
        var other => throw new ArgumentOutOfRangeException(nameof(spec), other, "Not a rotary scaling."),
    };

    // The operator's power, not ours: theirs differ in the last bit.
    private static float[] Plain(int size, double theta)
    {
        if (size == 0) return [];
        using var scope = NewDisposeScope();
        var exponents = tensor([.. Enumerable.Range(0, size / 2).Select(pair => 2f * pair / size)]);
        return Array.ConvertAll(TensorMemory.ValuesOf<float>(tensor((float)theta).pow(exponents)), power => 1 / power);
    }

    // Long wavelengths are divided by the factor, short ones kept, those between blended by how often they fit into the original context.
    private static float[] Llama3(float[] plain, RotaryScaling scaling) => Array.ConvertAll(plain, frequency =>
    {
        var turns = frequency * (float)(scaling.OriginalPositions / (2 * Math.PI));
        return Blend(frequency, (turns - (float)scaling.LowFrequency) / (float)(scaling.HighFrequency - scaling.LowFrequency), scaling.Factor);
    });

    // The same blend, but even along the pairs of dimensions between the two that turn as often as the limits say.
    private static float[] Yarn(float[] plain, RotarySpec spec, RotaryScaling scaling)
    {
        var (fast, slow) = (PairThatTurns(scaling.HighFrequency), PairThatTurns(scaling.LowFrequency));
        if (scaling.WholePairs) (fast, slow) = (Math.Floor(fast), Math.Ceiling(slow));
        (fast, slow) = (Math.Max(fast, 0), Math.Min(slow, spec.Size - 1));
        var width = fast == slow ? 0.001 : slow - fast;
        return [.. plain.Select((frequency, pair) => Blend(frequency, 1 - Math.Clamp((pair - (float)fast) / (float)width, 0, 1), scaling.Factor))];

        double PairThatTurns(double times) => spec.Size * Math.Log(scaling.OriginalPositions / (times * 2 * Math.PI)) / (2 * Math.Log(spec.Theta));
    }

    private static float Blend(float frequency, float share, double factor)
    {
        var kept = Math.Clamp(share, 0, 1);
        return (kept * frequency) + ((1 - kept) * frequency / (float)factor);
    }

    private static double RaisedBase(RotarySpec spec, RotaryScaling scaling, long tokens)
    {
        var stretch = (scaling.Factor * Math.Max(tokens, scaling.OriginalPositions) / scaling.OriginalPositions) - (scaling.Factor - 1);
        return spec.Size <= 2 ? spec.Theta : spec.Theta * Math.Pow(stretch, spec.Size / (double)(spec.Size - 2));      // one pair turns by one whatever the base
    }
}
