using Eckart.Formats;

namespace Eckart.Experiments;

/// <summary>A journal's lines by id, each once, in the order in which they came.</summary>
internal sealed class LineSet
{
    private readonly OrderedDictionary<string, (string Where, IJournalLine Line)> known = [];

    public IReadOnlyList<IJournalLine> Lines => [.. known.Values.Select(entry => entry.Line)];

    public int Count => known.Count;

    public IJournalLine? Find(string id) => known.TryGetValue(id, out var entry) ? entry.Line : null;

    /// <summary>Adds a line that is not there yet.</summary>
    /// <returns>False where the same line is there already, with the same numbers.</returns>
    /// <exception cref="InputException">The line is there with other numbers.</exception>
    public bool Add(string where, IJournalLine line) => !Has(where, line) && known.TryAdd(line.Id, (where, line));

    /// <summary>Whether a line is there, with the same numbers.</summary>
    /// <exception cref="InputException">The line is there with other numbers.</exception>
    public bool Has(string where, IJournalLine line)
    {
        if (!known.TryGetValue(line.Id, out var first)) return false;
        if (ReferenceEquals(first.Line, line) || first.Line.ToJson().AsSpan().SequenceEqual(line.ToJson())) return true;
        throw new InputException(
            where,
            $"expected trial {line.Id} ({line.Label}) as at {first.Where}, found other numbers",
            "keep runs of different machines or settings in folders of their own");
    }
}
