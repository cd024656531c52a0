using System.Collections.Immutable;
using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Pruning;

/// <summary>How fast matrices are decomposed on this machine.</summary>
/// <param name="PerSecond">m·n·min(m, n) of the matrices of one worker in a second of a processor.</param>
public readonly record struct DecompositionRate(double PerSecond)
{
    private const int Size = 256;       // some milliseconds
    private const ulong Seed = 1;

    /// <summary>What a matrix (m, n) counts: its decomposition takes O(m·n·min(m, n)).</summary>
    public static double CostOf(ImmutableArray<long> shape) => (double)shape[0] * shape[1] * shape.Min();

    /// <summary>The time of several decompositions.</summary>
    /// <param name="cost">Of all of them together.</param>
    /// <param name="workers">That take one at a time each.</param>
    public TimeSpan Of(double cost, int workers) => TimeSpan.FromSeconds(cost / PerSecond / workers);

    /// <summary>Decomposes a small random matrix on one thread; nothing else may be at work in this process.</summary>
    public static DecompositionRate Measure()
    {
        var took = TimeSpan.Zero;
        Workers.Run(1, 1, _ =>
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(Seed, CPU);
            var matrix = randn(Size, Size, generator: generator);
            took = ProcessorTime.Least(() => SpectralFactors.Of(matrix).Dispose());
        });
        return new DecompositionRate(CostOf([Size, Size]) / Math.Max(1e-6, took.TotalSeconds));
    }
}
