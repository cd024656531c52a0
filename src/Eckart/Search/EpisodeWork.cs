using System.Collections.Immutable;
using Eckart.Engine;
using Eckart.Experiments;
using Eckart.Experiments.Plans;
using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Search;

/// <summary>Counts what the units of an episode take next to one another, so that shares of a plan end together: the operations of a walk over a few of its items, in proportion. Nothing is timed: every share counts the same.</summary>
internal sealed class EpisodeWork
{
    private const int Items = 64;
    private const int Rates = 8;
    private const long Line = 40_000;       // operations in the time in which a trial of an item is measured and written: of a tiny model that is some tenth of a walk

    private readonly ModelSession model;
    private readonly ImmutableArray<(QuerySet Some, QuerySet Half, int All)> splits;

    /// <param name="task">The model at the items.</param>
    /// <param name="names">Splits that are asked, validation before test.</param>
    public EpisodeWork(TaskSession task, IEnumerable<string> names)
    {
        splits = [.. names.Select(name => (task.Some(name, Items), task.Some(name, Items / 2), task.Count(name)))];
        model = task.Model;
    }

    /// <summary>A unit an intervention, all in one walk. The first also reads the prompts as far as it shares them with the others.</summary>
    /// <param name="interventions">In the order in which shares are cut.</param>
    public ImmutableArray<UnitWork> OfSweep(IReadOnlyList<Intervention> interventions)
    {
        var (runs, lines) = (ImmutableArray.CreateBuilder<UnitWork>(), Line * splits.Sum(split => (long)split.All));
        var alike = interventions.Skip(1).GroupBy(PlaceOf).ToDictionary(group => group.Key, group => Beside([.. group]));
        foreach (var (i, intervention) in interventions.Index())
        {
            var work = lines + (i == 0 ? Of([intervention]) : alike[PlaceOf(intervention)]);
            if (runs is [.., var last] && last.Each == work) runs[^1] = last with { Units = last.Units + 1 };
            else runs.Add(new UnitWork(1, work));
        }

        return runs.ToImmutable();
    }

    /// <summary>A unit that is a search.</summary>
    /// <param name="tries">What it tries on validation, of which one is tested; the unedited model first.</param>
    public UnitWork OfSearch(IReadOnlyList<Intervention> tries)
    {
        IReadOnlyList<Intervention> tested = [tries[0], tries[^1]];
        return new(1, splits.Select(split => (Split: split, Walk: split.Some.Split == "test" ? tested : tries)).Sum(one => Of(one.Split, one.Walk) + (Line * one.Split.All * one.Walk.Count)));
    }

    // Where a branch leaves the walk is what it takes, near enough; a few rates stand for all.
    private static (int Layer, Module? Module) PlaceOf(Intervention intervention) => intervention.IsNone ? (int.MaxValue, null) : (intervention.Edits[0].Layer, (intervention.Edits[0] as Truncation)?.Module);

    // One of them, beside the unedited model.
    private long Beside(Intervention[] alike)
    {
        var count = Math.Min(Rates, alike.Length);
        var some = Enumerable.Range(0, count).Select(i => alike[(int)((long)i * alike.Length / count)]);
        return (Of([Intervention.None, .. some]) - Of([Intervention.None])) / count;
    }

    private long Of(IReadOnlyList<Intervention> walk) => splits.Sum(split => Of(split, walk));

    // What the items share is read once, and the rest grows with their number.
    private long Of((QuerySet Some, QuerySet Half, int All) split, IReadOnlyList<Intervention> walk)
    {
        var (some, half) = (split.Some.Queries.Count, split.Half.Queries.Count);
        var work = model.OperationsFor(Requests(split.Some));
        return some == split.All ? work : work + (long)((Int128)(work - model.OperationsFor(Requests(split.Half))) * (split.All - some) / (some - half));

        ScoreRequest[] Requests(QuerySet set) => [.. walk.Select(one => new ScoreRequest(set.Queries, one))];
    }
}
