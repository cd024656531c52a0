using Eckart.Models;

namespace Eckart.Engine.Kernels;

/// <summary>What a layer's attention looks like to the kernels.</summary>
/// <param name="HeadSize">D, numbers a head.</param>
/// <param name="Group">Query heads that share a key-value head.</param>
/// <param name="RotarySize">Leading dimensions of a head that are rotated by position, even, at most D; 0 for none.</param>
/// <param name="Layout">Which of them form a pair.</param>
/// <param name="Window">A position attends to itself and the Window − 1 before it; 0 for all before it.</param>
/// <param name="Scale">Factor of the scores.</param>
internal readonly record struct AttentionShape(int HeadSize, int Group, int RotarySize, RotaryLayout Layout, int Window, float Scale)
{
    /// <summary>With the usual scale, 1/√D.</summary>
    public AttentionShape(int headSize, int group, int rotarySize, RotaryLayout layout, int window)
        : this(headSize, group, rotarySize, layout, window, 1 / MathF.Sqrt(headSize))
    {
    }

    /// <summary>D rounded up to whole vectors: the length of a row of values.</summary>
    public int PaddedHead => Lanes.Padded(HeadSize);

    /// <summary>The first position that <paramref name="position"/> attends to.</summary>
    public int FirstVisible(int position) => Window == 0 ? 0 : Math.Max(0, position - Window + 1);
}
