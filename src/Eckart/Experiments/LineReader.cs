using Eckart.Formats;

namespace Eckart.Experiments;

/// <summary>Lines as bytes: whether the last one was ended matters, and a text reader would not say.</summary>
internal static class LineReader
{
    private const int FirstBuffer = 1 << 16;
    private const int LargestBuffer = 1 << 30;

    /// <summary>The lines from the stream's position on.</summary>
    /// <param name="stream">Read to its end; still owned by the caller.</param>
    /// <param name="path">The file's name, for messages.</param>
    /// <returns>Each line's bytes without its end, and whether it had one; only the last can lack it.</returns>
    /// <exception cref="InputException">A line beyond 1 GiB.</exception>
    /// <remarks>Memory: the longest line, which the file has already shown to be there.</remarks>
    public static IEnumerable<(byte[] Line, bool Terminated)> Read(Stream stream, string path)
    {
        var buffer = new byte[FirstBuffer];
        int start = 0, searched = 0, end = 0;
        while (true)
        {
            var newline = Array.IndexOf(buffer, (byte)'\n', searched, end - searched);
            if (newline >= 0)
            {
                yield return (buffer[start..newline], true);
                start = searched = newline + 1;
                continue;
            }

            if (start > 0) Buffer.BlockCopy(buffer, start, buffer, 0, end - start);
            (start, searched, end) = (0, end - start, end - start);
            if (end == LargestBuffer) throw new InputException(path, "expected lines below 1 GiB, found a longer one", "this is no journal: use another --out");
            if (end == buffer.Length) Array.Resize(ref buffer, 2 * buffer.Length);
            var read = stream.Read(buffer, end, buffer.Length - end);
            if (read == 0) break;
            end += read;
        }

        if (end > 0) yield return (buffer[..end], false);
    }
}
