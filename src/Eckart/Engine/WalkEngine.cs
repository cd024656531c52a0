using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Eckart.Engine.Arithmetic;
using Eckart.Engine.Packing;
using Eckart.Engine.Walking;
using Eckart.Formats;
using Eckart.Models;
using Eckart.Tasks;
using TorchSharp;

namespace Eckart.Engine;

/// <summary>The fast engine: one walk over the layers answers all requests. What prompts share is read once, what interventions share is computed once, and nothing is computed that no score needs.</summary>
/// <remarks>
/// A request's scores are the same, bit for bit, whatever else is asked for with it or was before. They agree with <see cref="ReferenceEngine"/>'s to rounding.
/// One call at a time.
/// </remarks>
public sealed class WalkEngine : IScoringEngine
{
    private const int KnownPrefixes = 16;

    private readonly ILayerWeights weights;
    private readonly EngineOptions options;
    private readonly BufferPool pool;
    private readonly Team team;
    private readonly FactorStore factors;
    private readonly KeptTrunk kept = new();
    private readonly Rotary rotary;
    private readonly ConditionalWeakTable<IReadOnlyList<Query>, Layout> layouts = [];
    private readonly List<SharedPrefix> prefixes = [];

    private WalkEngine(ILayerWeights weights, EngineOptions options)
    {
        (this.weights, this.options) = (weights, options);
        pool = new BufferPool(weights.Compute.Device);
        team = new Team(weights.Compute.Workers, weights.Compute.Device);
        factors = new FactorStore(weights.Compute, options.Svd, options.Seed, options.Cache, pool);
        rotary = new Rotary(weights.Spec.Rotary);
    }

    /// <summary>An engine over a model in memory.</summary>
    /// <param name="model">Still the caller's, and outlives the engine.</param>
    /// <param name="options">Of its walks.</param>
    public static WalkEngine Over(CausalLm model, EngineOptions options) => new(new ResidentWeights(model), options);

    /// <summary>An engine that reads layers as it goes and never holds more than two.</summary>
    /// <param name="checkpoint">Still the caller's, and outlives the engine.</param>
    /// <param name="compute">Device, dtype and workers.</param>
    /// <param name="options">Of its walks.</param>
    /// <exception cref="InputException">A tensor of a type that cannot be read.</exception>
    public static WalkEngine Streaming(Checkpoint checkpoint, ComputeOptions compute, EngineOptions options) => new(new StreamedWeights(checkpoint, compute), options);

    /// <summary>An engine over the first layers alone, for <see cref="EngineRate"/>.</summary>
    internal static WalkEngine OfFirstLayers(int count, Checkpoint checkpoint, ComputeOptions compute) => new(new FirstLayers(new StreamedWeights(checkpoint, compute), count), new EngineOptions());

    /// <summary>Whether a model's weights, and what a walk needs beside them, fit into the memory that the options give, or into the machine's.</summary>
    /// <param name="spec">Of the model.</param>
    /// <param name="compute">Its dtype counts; off the CPU the weights always count as fitting.</param>
    /// <param name="options">Its memory counts.</param>
    public static bool Fits(ModelSpec spec, ComputeOptions compute, EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(compute);
        ArgumentNullException.ThrowIfNull(options);
        var weights = ResidentWeights.BytesOf(spec, compute);
        var memory = options.Memory ?? (compute.Device.type == DeviceType.CPU ? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes : long.MaxValue);
        return weights + MemoryPlan.UsualRoom(weights) <= memory;
    }

    /// <inheritdoc/>
    public int Version => EngineVersions.Walk;

    /// <summary>What does everything but products: <c>kernels (avx512)</c>, <c>operators</c>, …</summary>
    public string ArithmeticName { get; private set; } = "";

    /// <summary>Multiplications and additions of all products so far.</summary>
    public long Operations => team.Operations;

    /// <inheritdoc/>
    public void Score(IReadOnlyList<ScoreRequest> requests, IReadOnlyList<ScoreRequest> later, Action<int, TrialScores> finished, Action<WorkDone>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(later);
        if (requests.Count == 0) return;
        try
        {
            Run(requests, later, finished, progress, cancellation);
        }
        catch (Exception failure) when (failure is OutOfMemoryException || (failure is ExternalException && failure.Message.Contains("memory", StringComparison.OrdinalIgnoreCase)))
        {
            throw new InputException("memory", "expected more than the machine has left, found none", "lower --memory, --threads, --chunk-tokens, --validation or --test", failure);
        }
    }

    /// <summary>The operations that answering requests has to take from here: each multiplication with its addition counted as two, decompositions not counted. What was kept of the walks before need not be done again.</summary>
    /// <param name="requests">At least one.</param>
    public long OperationsFor(IReadOnlyList<ScoreRequest> requests)
    {
        ArgumentNullException.ThrowIfNull(requests);
        var orders = Orders(requests);
        return Bound(orders, BranchTree.Plan([.. orders.Select(order => (order.Set, order.Edits))]));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        kept.Dispose();
        factors.Dispose();
        team.Dispose();
        pool.Dispose();
        rotary.Dispose();
        weights.Dispose();
    }

    private void Run(IReadOnlyList<ScoreRequest> requests, IReadOnlyList<ScoreRequest> later, Action<int, TrialScores> finished, Action<WorkDone>? progress, CancellationToken cancellation)
    {
        using var products = new OneThreadProducts();
        using var gradients = torch.no_grad();
        var orders = Orders(requests);
        var interventions = requests.Select(request => request.Intervention).Distinct().Select(one => LayerEdit.Of(one, weights.Spec)).ToArray();
        var plan = MemoryPlan.For(weights, [.. orders.Select(order => order.Set).Distinct()], requests.Count(request => !request.Intervention.IsNone), factors.BytesFor(interventions, weights.Spec), options.Memory);
        var places = PlacesWithin(plan.KeptBytes, later);
        factors.Forget(site => !interventions.Any(path => path.Any(edit => edit.Layer == site.Layer)));
        pool.Limit = plan.PoolBytes;

        using var angles = new Angles(weights.Spec, weights.Compute, rotary, LongestOf(orders.Select(order => order.Set)));
        var arithmetic = angles.Arithmetic(options.Operators);
        ArithmeticName = arithmetic.Name;
        var trunks = Passes(requests, orders, weights.Resident ? int.MaxValue : plan.Flight).Select(members => BranchTree.Plan([.. orders.Select(order => (order.Set, order.Edits))], members)).ToArray();
        var (before, planned) = (Operations, trunks.Sum(trunk => Bound(orders, trunk)));
        var shop = new Workshop(weights, arithmetic, team, pool, factors, kept, new Head(weights, arithmetic, pool));
        var answers = new Answers(requests, LayoutOf, finished, weights.Spec);
        var walk = new Walk(
            shop, plan.Flight, places, (branch, rows) => { foreach (var order in branch.Scored) answers.Add(orders[order].Request, rows); },
            () => progress?.Invoke(new WorkDone(Math.Min(Operations - before, planned), planned)), cancellation);
        foreach (var trunk in trunks) walk.Run(trunk, Begin(trunk));
        progress?.Invoke(new WorkDone(planned, planned));
        kept.Forget((position, chunk) => places.TryGetValue(position, out var chunks) && chunks.Contains(chunk));
    }

    // Prompts that each turn by an angle of their own length have no prefix in common.
    private int LongestOf(IEnumerable<PromptSet> sets)
    {
        var longest = sets.Max(set => set.Positions);
        return !Rotary.DependsOnLength(weights.Spec.Rotary, longest) ? longest : throw new InputException(
            "rope_scaling",
            $"expected prompts of at most {weights.Spec.Rotary.Scaling!.OriginalPositions} tokens, beyond which dynamic scaling turns each by its own length, found {longest}",
            "take --engine reference, or fewer demonstrations (--shots)");
    }

    // Where layers are streamed all live branches advance together: those that do not fit take another walk.
    private static IEnumerable<int[]> Passes(IReadOnlyList<ScoreRequest> requests, (int Request, PromptSet Set, ImmutableArray<LayerEdit> Edits)[] orders, int flight)
    {
        var groups = Enumerable.Range(0, orders.Length).GroupBy(i => requests[orders[i].Request].Intervention).ToArray();
        var unedited = groups.Where(group => group.Key.IsNone).SelectMany(group => group);
        var edited = groups.Where(group => !group.Key.IsNone).Chunk(flight).ToArray();
        return edited.Length == 0 ? [[.. unedited]] : edited.Select((some, i) => (int[])[.. i == 0 ? unedited : [], .. some.SelectMany(group => group)]);
    }

    // Gives the trunk its first hidden states.
    private TrunkPosition Begin(Branch trunk)
    {
        var start = StartOf(trunk);
        foreach (var chunk in trunk.Chunks)
        {
            if (start != TrunkPosition.Start)
            {
                trunk[chunk] = kept.Take(start, chunk);
                continue;
            }

            trunk[chunk] = new Rows(pool, chunk.Rows, weights.Spec.Hidden);
            weights.Embed(chunk.Ids, chunk.Positions, trunk[chunk].Matrix);
        }

        return start;
    }

    // Where the first branch leaves a trunk that is not scored itself, if its hidden states are kept; or the first layer.
    private TrunkPosition StartOf(Branch trunk)
    {
        if (!trunk.Scored.IsEmpty || trunk.Children.IsEmpty) return TrunkPosition.Start;
        var position = trunk.Children.Min(child => PositionOf(child.Birth!));
        return kept.Has(position, trunk.Chunks) ? position : TrunkPosition.Start;
    }

    private long Bound(IReadOnlyList<(int Request, PromptSet Set, ImmutableArray<LayerEdit> Edits)> orders, Branch trunk) =>
        new WalkBound(weights.Spec, options.Svd, [.. orders.Select(order => (order.Set, order.Edits))]).Of(trunk, StartOf(trunk));

    // What is read for each request, and what is done to the layers.
    private (int Request, PromptSet Set, ImmutableArray<LayerEdit> Edits)[] Orders(IReadOnlyList<ScoreRequest> requests) =>
        [.. requests.SelectMany((request, i) =>
        {
            var edits = LayerEdit.Of(request.Intervention, weights.Spec);
            return LayoutOf(request.Queries).Sets.Select(set => (i, set, edits));
        })];

    // Where later requests will leave the trunk, with the chunks that they will want, as far as memory allows.
    private Dictionary<TrunkPosition, HashSet<Chunk>> PlacesWithin(long bytes, IReadOnlyList<ScoreRequest> later)
    {
        var places = new Dictionary<TrunkPosition, HashSet<Chunk>>();
        foreach (var request in later)
        {
            if (LayerEdit.Of(request.Intervention, weights.Spec) is not [var first, ..]) continue;
            var position = PositionOf(first);
            if (!places.TryGetValue(position, out var chunks)) places[position] = chunks = [];
            chunks.UnionWith(LayoutOf(request.Queries).Sets.SelectMany(set => set.Read));
        }

        foreach (var (position, chunks) in places.OrderByDescending(place => place.Key))
        {
            bytes -= chunks.Sum(chunk => (long)chunk.Rows) * weights.Spec.Hidden * sizeof(float);
            if (bytes < 0) places.Remove(position);
        }

        return places;
    }

    private TrunkPosition PositionOf(LayerEdit first) => TrunkPosition.Of(first, weights.Spec.Residual == ResidualLayout.Parallel);

    private Layout LayoutOf(IReadOnlyList<Query> queries) => layouts.GetValue(queries, list => new Layout(list, options.ChunkTokens, Intern));

    private SharedPrefix Intern(SharedPrefix prefix)
    {
        if (prefixes.Find(prefix.Matches) is { } known) return known;
        prefixes.Add(prefix);
        if (prefixes.Count > KnownPrefixes) prefixes.RemoveAt(0);
        return prefix;
    }
}
