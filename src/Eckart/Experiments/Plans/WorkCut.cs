using System.Collections.Immutable;

namespace Eckart.Experiments.Plans;

/// <summary>Units in groups, to be cut into shares that take alike.</summary>
internal sealed class WorkCut
{
    private readonly IReadOnlyList<ImmutableArray<UnitWork>> groups;
    private readonly Int128[] before;       // of each group, and of what follows the last

    /// <param name="groups">What the units of each group take, in order.</param>
    public WorkCut(IReadOnlyList<ImmutableArray<UnitWork>> groups)
    {
        (this.groups, before) = (groups, new Int128[groups.Count + 1]);
        for (var group = 0; group < groups.Count; group++) before[group + 1] = groups[group].Aggregate(before[group], (sum, run) => sum + ((Int128)run.Units * run.Each));
    }

    /// <summary>A share's units, neighbours together: those whose middle lies in its part of all work.</summary>
    /// <returns>The groups of which it has some, and which of their units.</returns>
    public IReadOnlyList<(int Group, Range Units)> Of(Shard shard)
    {
        var parts = new List<(int, Range)>();
        var (start, end) = (before[^1] * (shard.Number - 1) / shard.Of, before[^1] * shard.Number / shard.Of);
        var group = Array.BinarySearch(before, start);
        for (group = Math.Max(0, group < 0 ? ~group - 1 : group); group < groups.Count && before[group] < end; group++)
        {
            var (first, last) = (Below(start, group), Below(end, group));
            if (first < last) parts.Add((group, first..last));
        }

        return parts;
    }

    // Units of a group whose middle lies before a cut: 2 i Each + Each < 2 cut for the i-th of a run.
    private int Below(Int128 cut, int group)
    {
        var (count, left) = (0, cut - before[group]);
        foreach (var run in groups[group])
        {
            count += (int)Int128.Clamp(((2 * left) + run.Each - 1) / (2 * (Int128)run.Each), 0, run.Units);
            left -= (Int128)run.Units * run.Each;
        }

        return count;
    }
}
