namespace Eckart.Models;

/// <summary>How queries and keys are rotated by position.</summary>
/// <param name="Size">Leading dimensions of each head that are rotated, even, at most the head size; 0 for none.</param>
/// <param name="Theta">Base of the frequencies, Θ.</param>
/// <param name="Layout">Which dimensions form a pair.</param>
/// <param name="Scaling">Change of the frequencies for longer contexts; null for none.</param>
public sealed record RotarySpec(int Size, double Theta, RotaryLayout Layout, RotaryScaling? Scaling);

/// <summary>Which two dimensions of a head are rotated together.</summary>
public enum RotaryLayout
{
    /// <summary>Dimension i with i + size/2 (LLaMA in the Hugging Face layout).</summary>
    Halves,

    /// <summary>Dimension 2i with 2i + 1 (GPT-J).</summary>
    Pairs,
}

/// <summary>Change of the rotary frequencies for contexts longer than those of training.</summary>
/// <param name="Kind">The published rule.</param>
/// <param name="Factor">Context is this many times longer, above 0.</param>
/// <param name="LowFrequency">LLaMA 3 and YaRN: frequencies that turn fewer times than this in the original context are divided by the factor (YaRN's β_slow).</param>
/// <param name="HighFrequency">LLaMA 3 and YaRN: frequencies that turn more often than this are left alone (YaRN's β_fast).</param>
/// <param name="OriginalPositions">Positions of training.</param>
/// <param name="Magnitude">Factor of cosines and sines, so its square of every score; 1 but for YaRN.</param>
/// <param name="WholePairs">YaRN: whether the ends of the blend are rounded outwards to whole pairs of dimensions.</param>
public sealed record RotaryScaling(
    RotaryScalingKind Kind, double Factor, double LowFrequency = 0, double HighFrequency = 0, int OriginalPositions = 0, double Magnitude = 1, bool WholePairs = false);

/// <summary>The published rules that the code can do.</summary>
public enum RotaryScalingKind
{
    /// <summary>All frequencies divided by the factor (position interpolation, arXiv 2306.15595).</summary>
    Linear,

    /// <summary>By wavelength, as published with LLaMA 3.1.</summary>
    Llama3,

    /// <summary>By pair of dimensions, with a magnitude (arXiv 2309.00071).</summary>
    Yarn,

    /// <summary>The base raised as far as a sequence is longer than those of training; up to there nothing changes.</summary>
    Dynamic,
}
