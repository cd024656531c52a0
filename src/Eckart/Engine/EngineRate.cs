using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Engine;

/// <summary>How fast a walk gets on with a model and a task's queries on this machine: what is not a product, and products that are too small to be fast, are in it as they are in a run.</summary>
/// <param name="PerSecond">Operations in a second that all workers have a processor for, each multiplication with its addition counted as two.</param>
public readonly record struct EngineRate(double PerSecond)
{
    private const int ChunksEach = 2;               // for every worker: on fewer, some would wait
    private const long Most = 30_000_000_000;       // a second or less

    /// <summary>Walks over the model's first layer and over its first two, with as many of the queries as take a fraction of a second: what the second layer takes is the rate.</summary>
    /// <param name="checkpoint">Still the caller's; its first layers, some embeddings and the head are read.</param>
    /// <param name="compute">Device, dtype and workers.</param>
    /// <param name="queries">At least one; those taken are spread evenly over them.</param>
    /// <param name="cancellation">Checked often.</param>
    /// <exception cref="Formats.InputException">A score that is not finite, or too little memory.</exception>
    public static EngineRate Measure(Checkpoint checkpoint, ComputeOptions compute, IReadOnlyList<Query> queries, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(compute);
        ArgumentNullException.ThrowIfNull(queries);
        using var one = WalkEngine.OfFirstLayers(1, checkpoint, compute);
        var enough = Math.Min(Most, 2 * ChunksEach * compute.Workers * EngineOptions.UsualChunkTokens * checkpoint.Spec.Projections.Sum(projection => checkpoint.Spec.ShapeOf((Part)projection).Aggregate((m, n) => m * n)));
        var count = queries.Count;
        while (count > 1 && one.OperationsFor([Some(queries, count / 2)]) > enough) count /= 2;
        var request = Some(queries, count);
        var first = Time(one, request, cancellation);
        if (checkpoint.Spec.Layers == 1) return new EngineRate(first.Operations / first.Seconds * compute.Workers);
        using var two = WalkEngine.OfFirstLayers(2, checkpoint, compute);
        var both = Time(two, request, cancellation);
        var (operations, seconds) = both.Seconds > first.Seconds ? (both.Operations - first.Operations, both.Seconds - first.Seconds) : both;
        return new EngineRate(operations / seconds * compute.Workers);
    }

    private static (long Operations, double Seconds) Time(WalkEngine engine, ScoreRequest request, CancellationToken cancellation) =>
        (engine.OperationsFor([request]), Math.Max(1e-6, ProcessorTime.Least(() => engine.Score([request], [], (_, _) => { }, null, cancellation)).TotalSeconds));

    private static ScoreRequest Some(IReadOnlyList<Query> queries, int count) =>
        new([.. Enumerable.Range(0, count).Select(i => queries[(int)((long)i * queries.Count / count)])], Intervention.None);
}
