using Eckart.Formats;

namespace Eckart.Experiments;

/// <summary>The lines of one journal file that can be relied on.</summary>
/// <param name="Lines">In the file's order, each with the place it came from; a line that stands twice is listed twice.</param>
/// <param name="Length">Bytes up to the end of the last whole line.</param>
/// <param name="Dropped">Bytes after them: a line that was being written when the writer was stopped.</param>
internal sealed record JournalFile(IReadOnlyList<(string Where, IJournalLine Line)> Lines, long Length, long Dropped)
{
    private const int LinesAtOnce = 1024;
    private const long BytesAtOnce = 1 << 24;

    /// <summary>The ids of a file's lines, whether or not somebody is writing it; none where there is no file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">As <see cref="Read"/>.</exception>
    public static HashSet<string> Ids(string path)
    {
        if (!File.Exists(path)) return [];
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return [.. Read(stream, path).Lines.Select(one => one.Line.Id)];
    }

    /// <summary>Reads a file from the stream's position to its end, on all cores: a long sweep is gone on with within seconds.</summary>
    /// <param name="stream">The file; still owned by the caller.</param>
    /// <param name="path">Its path, for messages.</param>
    /// <exception cref="InputException">A line of no kind, other than a torn last one; of several, the first.</exception>
    public static JournalFile Read(Stream stream, string path)
    {
        var found = new List<(string, IJournalLine)>();
        var waiting = new List<byte[]>();
        var (length, end, bytesWaiting) = (0L, 0L, 0L);
        using var lines = LineReader.Read(stream, path).GetEnumerator();
        for (var more = lines.MoveNext(); more;)
        {
            var (bytes, terminated) = lines.Current;
            more = lines.MoveNext();
            end += bytes.Length + (terminated ? 1 : 0);
            if (!more && (!terminated || !JournalLine.IsWhole(bytes))) break;

            waiting.Add(bytes);
            (length, bytesWaiting) = (end, bytesWaiting + bytes.Length);
            if (waiting.Count < LinesAtOnce && bytesWaiting < BytesAtOnce) continue;
            Parse(waiting, found, path);
            bytesWaiting = 0;
        }

        Parse(waiting, found, path);
        return new JournalFile(found, length, end - length);
    }

    // Each line on its own; a refusal waits for those before it.
    private static void Parse(List<byte[]> lines, List<(string, IJournalLine)> found, string path)
    {
        var before = found.Count;
        var refusals = new InputException?[lines.Count];
        var parsed = new (string, IJournalLine)[lines.Count];
        Parallel.For(0, lines.Count, i =>
        {
            var where = $"{path}:{before + i + 1}";
            try
            {
                parsed[i] = (where, JournalLine.Parse(lines[i], where));
            }
            catch (InputException refusal)
            {
                refusals[i] = refusal;
            }
        });
        if (refusals.FirstOrDefault(refusal => refusal is not null) is { } first) throw first;

        found.AddRange(parsed);
        lines.Clear();
    }
}
