using System.Collections.Immutable;
using System.Globalization;

namespace Eckart.Experiments.Plans;

/// <summary>One of several shares of a plan, which take alike.</summary>
/// <param name="Number">Which, from 1.</param>
/// <param name="Of">How many there are.</param>
public readonly record struct Shard(int Number, int Of)
{
    internal const int Most = 100_000;

    /// <summary>All of it.</summary>
    public static Shard Whole => new(1, 1);

    /// <summary>File of the trials: a shard's own, so that several processes can write into one folder.</summary>
    public string JournalName => Of == 1 ? Journal.DefaultName : string.Create(CultureInfo.InvariantCulture, $"trials-{Number}-of-{Of}.jsonl");

    /// <summary>Reads <c>3/64</c>; null where it is another text.</summary>
    public static Shard? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split('/') is [var first, var second]
            && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var of)
            && number >= 1 && number <= of && of <= Most ? new Shard(number, of) : null;
    }

    /// <summary>The share that a journal's file is of, by its name; null for that of a whole run or another file.</summary>
    public static Shard? OfJournal(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Path.GetFileNameWithoutExtension(name).Split('-') is ["trials", var number, "of", var of] ? Parse($"{number}/{of}") : null;
    }

    /// <summary>This share of units that come in groups, neighbours together: those whose middle lies in its part of all work.</summary>
    /// <param name="groups">What the units of each group take, in order.</param>
    /// <returns>The groups of which it has some, and which of their units.</returns>
    public IReadOnlyList<(int Group, Range Units)> Among(IReadOnlyList<ImmutableArray<UnitWork>> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        var parts = new List<(int, Range)>();
        var (total, before) = (groups.SelectMany(group => group).Aggregate(Int128.Zero, (sum, run) => sum + run.All), Int128.Zero);
        var (start, end) = (total * (Number - 1) / Of, total * Number / Of);
        for (var group = 0; group < groups.Count; group++)
        {
            var (first, last) = (0, 0);
            foreach (var run in groups[group])
            {
                first += Below(start - before, run);
                last += Below(end - before, run);
                before += run.All;
            }

            if (first < last) parts.Add((group, first..last));
        }

        return parts;
    }

    // Units of a run whose middle lies before a cut: 2 i Each + Each < 2 cut for the i-th.
    private static int Below(Int128 cut, UnitWork run) => (int)Int128.Clamp(((2 * cut) + run.Each - 1) / (2 * (Int128)run.Each), 0, run.Units);

    /// <summary><c>3/64</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}/{Of}");
}
