using Eckart.Statistics;
using Eckart.Theory;

namespace Eckart.Tests.Theory;

/// <summary>Small random layers and demonstrations.</summary>
internal static class SomeLayer
{
    public static AttentionWeights Weights(ulong seed, int size = 4) => Weights(new SplitMix64(seed), size);

    public static AttentionWeights[] Stack(ulong seed, int layers, int size = 4)
    {
        var random = new SplitMix64(seed);
        return [.. Enumerable.Range(0, layers).Select(_ => Weights(random, size))];
    }

    public static RealMatrix Demonstrations(ulong seed, int count = 5, int size = 4) => RealMatrix.Normal(new SplitMix64(seed), size, count, 0.4);

    public static TrajectoryStep Step(ulong seed, int count = 5, int size = 4) => Trajectory.Of(Stack(seed, 2, size), Demonstrations(seed + 1, count, size)).Steps[1];

    private static AttentionWeights Weights(SplitMix64 random, int size) => new(RealMatrix.Normal(random, size, size, 0.3), RealMatrix.Normal(random, size, size, 0.3), RealMatrix.Normal(random, size, size, 0.3));
}
