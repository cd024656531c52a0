using System.Text.Unicode;

namespace Eckart.Formats.Tables;

/// <summary>Lines of a text file that is not trusted: UTF-8 checked line by line, length bounded, nothing read beyond a bad line.</summary>
/// <param name="stream">Read forward only; still owned by the caller.</param>
/// <param name="path">The file, as messages name it.</param>
internal sealed class TextLines(Stream stream, string path)
{
    /// <summary>Longest line accepted, in bytes: far above any prompt, far below what a decompression bomb holds.</summary>
    public const int Longest = 16 << 20;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private byte[] buffer = new byte[64 << 10];
    private int start;
    private int end;
    private int searched;   // bytes after start known to hold no line feed

    /// <summary>One-based number of the line last returned.</summary>
    public int Number { get; private set; }

    /// <summary>File and line last returned.</summary>
    public string Where => $"{path}:{Number}";

    /// <summary>The next line without its line feed (a carriage return before it is kept).</summary>
    /// <param name="line">Valid until the next call.</param>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="InputException">Too long, not UTF-8, or a stream that cannot be read or decompressed.</exception>
    public bool Next(out ReadOnlySpan<byte> line)
    {
        Number++;
        int feed;
        while ((feed = buffer.AsSpan(start + searched, end - start - searched).IndexOf((byte)'\n')) < 0)
        {
            searched = end - start;
            if (Fill()) continue;

            line = Take(end - start, skip: 0);
            return line.Length > 0;
        }
        line = Take(searched + feed, skip: 1);
        return true;
    }

    private ReadOnlySpan<byte> Take(int length, int skip)
    {
        var line = buffer.AsSpan(start, length);
        start += length + skip;
        searched = 0;
        if (Number == 1 && line.StartsWith(ByteOrderMark)) line = line[ByteOrderMark.Length..];
        return Utf8.IsValid(line) ? line : throw new InputException(Where, "expected UTF-8, found bytes that are not", "save the file as UTF-8");
    }

    private bool Fill()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }
        if (end > Longest) throw new InputException(Where, $"expected a line of at most {Longest >> 20} MiB, found a longer one", "put each row on a line of its own");
        if (end == buffer.Length) Array.Resize(ref buffer, 2 * end);

        try
        {
            var count = stream.Read(buffer, end, buffer.Length - end);
            end += count;
            return count > 0;
        }
        catch (InvalidDataException damaged)
        {
            throw new InputException(Where, "expected gzip data, found it damaged or cut short", "copy or compress the file again", damaged);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new InputException(Where, $"expected a file that can be read to its end, found: {refused.Message}", "check the disk, or copy the file to another one", refused);
        }
    }
}
