using System.Collections.Immutable;
using Eckart.Statistics;

namespace Eckart.Training;

/// <summary>What a training draws from a seeded stream.</summary>
internal static class SeededDraws
{
    /// <summary>A stream that its coordinates alone decide.</summary>
    /// <param name="coordinates">Purpose, seed and place; other numbers, or the same in another order, give another stream.</param>
    public static SplitMix64 At(params ReadOnlySpan<ulong> coordinates)
    {
        var state = 0UL;
        foreach (var coordinate in coordinates) state = new SplitMix64(state ^ coordinate).Next();
        return new SplitMix64(state);
    }

    /// <summary>True with a probability, to a billionth.</summary>
    public static bool Chance(this SplitMix64 random, double probability) => random.Below(1_000_000_000) < probability * 1e9;

    /// <summary>One of several, alike.</summary>
    public static T Pick<T>(this SplitMix64 random, ImmutableArray<T> among) => among[random.Below(among.Length)];

    /// <summary>Several different ones, alike, in random order.</summary>
    public static ImmutableArray<T> Pick<T>(this SplitMix64 random, ImmutableArray<T> among, int count)
    {
        var rest = among.ToArray();
        random.Shuffle<T>(rest);
        return [.. rest[..count]];
    }
}
