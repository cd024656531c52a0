using Eckart.Formats;

namespace Eckart.Experiments;

/// <summary>A journal's lines by id, each once, in the order in which they came.</summary>
internal sealed class LineSet
{
    private readonly OrderedDictionary<string, Entry> known = [];

    public IReadOnlyList<IJournalLine> Lines => [.. known.Values.Select(entry => entry.Line)];

    public int Count => known.Count;

    public IJournalLine? Find(string id) => known.TryGetValue(id, out var entry) ? entry.Line : null;

    /// <summary>Where a line stands in the journal's file; null where it does not yet.</summary>
    public LinePlace? PlaceOf(IJournalLine line) => known[line.Id].Place;

    /// <summary>Adds a line that is not there yet.</summary>
    /// <param name="where">It came from, for messages.</param>
    /// <param name="line">The line.</param>
    /// <param name="place">In the journal's file, where it is there.</param>
    /// <returns>False where the same line is there already, with the same numbers.</returns>
    /// <exception cref="InputException">The line is there with other numbers.</exception>
    public bool Add(string where, IJournalLine line, LinePlace? place = null)
    {
        if (known.TryAdd(line.Id, new Entry(where, line, place))) return true;

        var first = known[line.Id];
        if (ReferenceEquals(first.Line, line) || first.Line.ToJson().AsSpan().SequenceEqual(line.ToJson())) return false;
        throw new InputException(
            where,
            $"expected trial {line.Id} ({line.Label}) as at {first.Where}, found other numbers",
            "keep runs of different machines or settings in folders of their own");
    }

    private sealed record Entry(string Where, IJournalLine Line, LinePlace? Place);
}
