using Eckart.Engine;
using Eckart.Experiments;
using Eckart.Experiments.Plans;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Search;

/// <summary>Tells what the episodes of a plan should take: counts what has to be multiplied, and times a small piece of everything.</summary>
internal sealed class EpisodeCosts
{
    private readonly HashSet<(string Model, WeightSite Site, ClippingRate? Rate)> decomposed = [];
    private readonly Dictionary<string, EngineRate> rates = [];
    private DecompositionRate? decompositions;

    /// <summary>The cost of an episode; decompositions that an earlier one has paid for are not paid again.</summary>
    /// <param name="task">The model at the items.</param>
    /// <param name="walks">Makes what is asked for, walk by walk, of items that are not tokens yet.</param>
    /// <param name="cancellation">Checked often.</param>
    public PlannedCost Of(TaskSession task, Func<IReadOnlyList<IReadOnlyList<TrialRequest>>> walks, CancellationToken cancellation)
    {
        var model = task.Model;
        IReadOnlyList<IReadOnlyList<TrialRequest>> requests = [];
        var prompts = ProcessorTime.Of(() => requests = walks()) / model.Compute.Workers;
        var set = requests[0][0].Set;
        if (!rates.TryGetValue(model.Checkpoint.Path, out var rate)) rates[model.Checkpoint.Path] = rate = EngineRate.Measure(model.Checkpoint, model.Compute, set.Queries, cancellation);
        var operations = requests.Sum(walk => model.OperationsFor([.. walk.Select(one => new ScoreRequest(one.Set.Queries, one.Intervention))]));
        var trials = requests.SelectMany(walk => walk).ToArray();
        return new PlannedCost(operations, TimeSpan.FromSeconds(operations / rate.PerSecond), Decompositions(task, trials), prompts, Line(task, set) * (trials.Sum(one => (double)one.Set.Queries.Count) / set.Queries.Count));
    }

    // An exact decomposition serves all rates; a randomised one is of its own rank, several products with it.
    private TimeSpan Decompositions(TaskSession task, IEnumerable<TrialRequest> trials)
    {
        var (spec, exact) = (task.Model.Spec, task.Svd == SvdKind.Exact);
        var cost = trials.Select(one => one.Intervention).Distinct().SelectMany(one => one.Truncations(spec))
            .Where(one => decomposed.Add((task.Model.Checkpoint.Path, one.Site, exact ? null : one.Rate)))
            .Sum(one => DecompositionRate.CostOf(spec.ShapeOf((Part)one.Site.Projection)));
        return cost == 0 ? default : (decompositions ??= DecompositionRate.Measure()).Of(cost, task.Model.Compute.Workers);
    }

    // A trial of made-up scores, measured and written as a line would be.
    private static TimeSpan Line(TaskSession task, QuerySet set)
    {
        var random = new Random(1);
        double[][] scores = [.. set.Queries.Select(query => query.Choices.Select(_ => -10 * random.NextDouble()).ToArray())];
        return ProcessorTime.Least(() => Trial.From(task.Key(null), new Dictionary<string, int>(), scores, set.Gold, set.Rows).ToJson());
    }
}
