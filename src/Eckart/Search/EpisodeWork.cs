using System.Collections.Immutable;
using Eckart.Engine;
using Eckart.Experiments;
using Eckart.Experiments.Plans;
using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Search;

/// <summary>Counts what the units of an episode take next to one another, so that shares of a plan end together: the operations of a walk over a few of its items, in proportion. Nothing is timed: every share counts the same.</summary>
/// <remarks>Not in it: decompositions, and a search's tests with other numbers of demonstrations.</remarks>
internal sealed class EpisodeWork
{
    private const int Items = 64;
    private const int Rates = 8;
    private const long Line = 10_000;       // operations in the time in which a trial of an item is measured and written: of a tiny model that is some thirtieth of a walk

    private readonly ModelSession model;
    private readonly ImmutableArray<(string Split, IReadOnlyList<Query> Some, int All)> splits;

    /// <param name="task">The model at the items.</param>
    /// <param name="names">Splits that are asked, validation before test.</param>
    public EpisodeWork(TaskSession task, IEnumerable<string> names)
    {
        splits = [.. names.Select(name => (name, task.Some(name, Items), task.Count(name)))];
        model = task.Model;
    }

    /// <summary>A unit an intervention, all in one walk. The first also reads the prompts as far as it shares them with the others.</summary>
    /// <param name="interventions">In the order in which shares are cut.</param>
    public ImmutableArray<UnitWork> OfSweep(IReadOnlyList<Intervention> interventions)
    {
        var (runs, lines, unedited) = (ImmutableArray.CreateBuilder<UnitWork>(), Lines(1), Of([Intervention.None]));
        var alike = interventions.Skip(1).GroupBy(PlaceOf).ToDictionary(group => group.Key, group => Beside([.. group], unedited));
        foreach (var (i, intervention) in interventions.Index())
        {
            var work = Clamped(lines + (i == 0 ? Of([intervention]) : Next(PlaceOf(intervention))));
            if (runs is [.., var last] && last.Each == work) runs[^1] = last with { Units = last.Units + 1 };
            else runs.Add(new UnitWork(1, work));
        }

        return runs.ToImmutable();

        Int128 Next((int, Module?, string) place)
        {
            var (first, other) = alike[place];
            alike[place] = (other, other);
            return first;
        }
    }

    /// <summary>A unit that is a search.</summary>
    /// <param name="tries">What it tries on validation, of which one is tested; the unedited model first.</param>
    public UnitWork OfSearch(IReadOnlyList<Intervention> tries)
    {
        IReadOnlyList<Intervention> tested = [tries[0], tries[^1]];
        return new(1, Clamped(splits.Aggregate(Int128.Zero, (sum, split) => sum + Of(split, split.Split == "test" ? tested : tries)) + Lines(tries.Count)));
    }

    // Where branches leave the walk, and each other, is what they take, near enough.
    private static (int Layer, Module? Module, string Others) PlaceOf(Intervention intervention) => intervention.IsNone ? (int.MaxValue, null, "")
        : (intervention.Edits[0].Layer, (intervention.Edits[0] as Truncation)?.Module, string.Join('+', intervention.Edits.Skip(1).Select(edit => $"{(edit as Truncation)?.Module.Name}@{edit.Layer}")));

    // Of interventions that leave the walk at the same places: the first of them, which takes what they have in common, and each other. Some rates stand for all.
    private (Int128 First, Int128 Other) Beside(Intervention[] alike, Int128 unedited)
    {
        var count = Math.Min(Rates, alike.Length);
        var (all, half) = (Of([Intervention.None, .. Spread(count)]) - unedited, count == 1 ? 0 : Of([Intervention.None, .. Spread(count / 2)]) - unedited);
        var other = (all - half) / (count - (count / 2));
        return (all - (other * (count - 1)), other);

        IEnumerable<Intervention> Spread(int some) => Enumerable.Range(0, some).Select(i => alike[(int)((long)i * alike.Length / some)]);
    }

    private Int128 Lines(int trials) => (Int128)Line * trials * splits.Sum(split => (long)split.All);

    private static long Clamped(Int128 work) => (long)Int128.Clamp(work, 1, long.MaxValue);

    private Int128 Of(IReadOnlyList<Intervention> walk) => splits.Aggregate(Int128.Zero, (sum, split) => sum + Of(split, walk));

    // What the items share is read once, and the rest grows with their number.
    private Int128 Of((string Split, IReadOnlyList<Query> Some, int All) split, IReadOnlyList<Intervention> walk)
    {
        Int128 work = model.OperationsFor(Requests(split.Some));
        if (split.Some.Count == split.All) return work;
        Query[] half = [.. split.Some.Where((_, i) => i % 2 == 0)];
        return work + ((work - model.OperationsFor(Requests(half))) * (split.All - split.Some.Count) / (split.Some.Count - half.Length));

        ScoreRequest[] Requests(IReadOnlyList<Query> queries) => [.. walk.Select(one => new ScoreRequest(queries, one))];
    }
}
