using Eckart.Statistics;

namespace Eckart.Theory.Checks;

/// <summary>Random layers and demonstrations of a few numbers: D from 3 to 7, N from 2 to 8.</summary>
/// <param name="random">The instance's stream.</param>
internal sealed class RandomInstance(SplitMix64 random)
{
    private const double Damping = 0.4;

    /// <summary>The stream, for what else an instance needs.</summary>
    public SplitMix64 Random => random;

    /// <summary>D.</summary>
    public int Size { get; } = 3 + random.Below(5);

    /// <summary>N.</summary>
    public int Count { get; } = 2 + random.Below(7);

    /// <summary>A rank that a truncation to it would change a (D, D) matrix.</summary>
    public int Rank() => 1 + random.Below(Size - 1);

    /// <summary>A matrix whose product with a vector keeps its length on average.</summary>
    public RealMatrix Matrix(int rows, int columns) => RealMatrix.Normal(random, rows, columns, 1 / Math.Sqrt(columns));

    /// <summary>(D, D) each.</summary>
    public AttentionWeights Weights() => new(Matrix(Size, Size), Matrix(Size, Size), Matrix(Size, Size));

    /// <summary>Some layers, one behind the other: smaller, because ΔW goes with the third power of what a layer reads.</summary>
    public AttentionWeights[] Layers(int count) => [.. Enumerable.Range(0, count).Select(_ => new AttentionWeights(Damping * Matrix(Size, Size), Damping * Matrix(Size, Size), Damping * Matrix(Size, Size)))];

    /// <summary>H_s, (D, N), scaled so that ΔW neither vanishes nor grows with N and layers do not blow up.</summary>
    public RealMatrix Demonstrations() => RealMatrix.Normal(random, Size, Count, 1 / Math.Sqrt(Count));

    /// <summary>Demonstrations and a test token whose last number is masked.</summary>
    public TokenContext Context() => new(Demonstrations(), [.. Enumerable.Range(0, Size).Select(i => i < Size - 1 ? random.Normal() : 0)]);

    /// <summary>A random order of the demonstrations.</summary>
    public int[] Order()
    {
        int[] order = [.. Enumerable.Range(0, Count)];
        random.Shuffle<int>(order);
        return order;
    }
}
