using Eckart.Formats;

namespace Eckart.Experiments;

/// <summary>The lines of one journal file that can be relied on.</summary>
/// <param name="Trials">In the file's order, each with the place it came from; a trial that stands twice is listed twice.</param>
/// <param name="Length">Bytes up to the end of the last whole line.</param>
/// <param name="Dropped">Bytes after them: a line that was being written when the writer was stopped.</param>
internal sealed record JournalFile(IReadOnlyList<(string Where, Trial Trial)> Trials, long Length, long Dropped)
{
    /// <summary>Reads a file from the stream's position to its end.</summary>
    /// <param name="stream">The file; still owned by the caller.</param>
    /// <param name="path">Its path, for messages.</param>
    /// <exception cref="InputException">A line that is no trial, other than a torn last one.</exception>
    public static JournalFile Read(Stream stream, string path)
    {
        var trials = new List<(string, Trial)>();
        var (length, end, number) = (0L, 0L, 0);
        using var lines = LineReader.Read(stream, path).GetEnumerator();
        for (var more = lines.MoveNext(); more;)
        {
            var (bytes, terminated) = lines.Current;
            more = lines.MoveNext();
            number++;
            end += bytes.Length + (terminated ? 1 : 0);
            if (!more && (!terminated || !TrialLine.IsWhole(bytes))) break;

            var where = $"{path}:{number}";
            trials.Add((where, TrialLine.Parse(bytes, where)));
            length = end;
        }

        return new JournalFile(trials, length, end - length);
    }
}
