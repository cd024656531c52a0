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

    /// <summary>Walks over the model's first layer, with as many of the queries as take a fraction of a second.</summary>
    /// <param name="checkpoint">Still the caller's; its first layer, some embeddings and the head are read.</param>
    /// <param name="compute">Device, dtype and workers.</param>
    /// <param name="queries">At least one; those taken are spread evenly over them.</param>
    /// <param name="cancellation">Checked often.</param>
    /// <exception cref="Formats.InputException">A score that is not finite, or too little memory.</exception>
    /// <remarks>A walk over one query is taken off, and with it the time of reading weights, which a run bears once.</remarks>
    public static EngineRate Measure(Checkpoint checkpoint, ComputeOptions compute, IReadOnlyList<Query> queries, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(compute);
        ArgumentNullException.ThrowIfNull(queries);
        using var engine = WalkEngine.OfFirstLayer(checkpoint, compute);
        var all = Some(queries, queries.Count);
        var enough = Math.Min(Most, 2 * ChunksEach * compute.Workers * EngineOptions.UsualChunkTokens * checkpoint.Spec.Projections.Sum(projection => checkpoint.Spec.ShapeOf((Part)projection).Aggregate((m, n) => m * n)));
        while (all.Queries.Count > 1 && engine.OperationsFor([Some(queries, all.Queries.Count / 2)]) > enough) all = Some(queries, all.Queries.Count / 2);
        var one = Some(queries, 1);
        var (together, alone) = (SecondsOf(all), SecondsOf(one));
        var (most, least) = (engine.OperationsFor([all]), engine.OperationsFor([one]));
        var rate = most > least && together > alone ? (most - least) / (together - alone) : most / together;
        return new EngineRate(rate * compute.Workers);

        double SecondsOf(ScoreRequest request) => Math.Max(1e-6, ProcessorTime.Least(() => engine.Score([request], [], (_, _) => { }, null, cancellation)).TotalSeconds);
    }

    private static ScoreRequest Some(IReadOnlyList<Query> queries, int count) =>
        new([.. Enumerable.Range(0, count).Select(i => queries[(int)((long)i * queries.Count / count)])], Intervention.None);
}
