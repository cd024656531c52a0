using System.Globalization;

namespace Eckart.Experiments.Plans;

/// <summary>One of several shares of a plan, cut to take alike.</summary>
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

    /// <summary><c>3/64</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}/{Of}");
}
