using System.Buffers.Binary;
using System.Text;

namespace Eckart.Formats.Gguf;

/// <summary>Reads a mapped file from front to back and refuses to read past its end, naming what it was reading.</summary>
internal sealed class GgufCursor(MappedFile file, long position = 0)
{
    /// <summary>The specification's bound on a key, applied to tensor names too.</summary>
    private const int LongestName = 65_535;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public long Position { get; private set; } = position;

    public long Remaining => file.Length - Position;

    public uint UInt32(string what) => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint), what));

    public ulong UInt64(string what) => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong), what));

    /// <summary>How many entries follow, each of at least <paramref name="smallest"/> bytes.</summary>
    public long Count(long smallest, string what)
    {
        var count = UInt64(what);
        var most = Remaining / smallest;
        return count <= (ulong)most ? (long)count
            : throw Refusal(what, $"expected at most {most} entries, which is what the {Remaining} bytes left hold, found {count} entries announced");
    }

    /// <summary>A string, decoded.</summary>
    public string Text(string what)
    {
        var bytes = Take(Length(int.MaxValue / 2, what), what);
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException error)
        {
            throw Refusal(what, "expected UTF-8, found other bytes", error);
        }
    }

    /// <summary>The name of a key or a tensor.</summary>
    public string Name(string what)
    {
        var start = Position;
        if (Length(LongestName, what) == 0) throw Refusal(what, "expected a name, found an empty one");
        Position = start;
        return Text(what);
    }

    /// <summary>Steps over a string without decoding it.</summary>
    public void SkipText(string what) => Skip(Length(long.MaxValue, what), what);

    public void Skip(long bytes, string what)
    {
        RequireBytes(bytes, what);
        Position += bytes;
    }

    public InputException Refusal(string what, string found, Exception? inner = null) =>
        new($"{file.Path}: {what}", found, "fetch or convert the file again: it is cut, damaged or not GGUF", inner);

    private int Length(int longest, string what) => (int)Length((long)longest, what);

    private long Length(long longest, string what)
    {
        var length = UInt64(what);
        if (length > (ulong)longest) throw Refusal(what, $"expected a text of at most {longest} bytes, found {length} announced");
        RequireBytes((long)length, what);
        return (long)length;
    }

    private ReadOnlySpan<byte> Take(int length, string what)
    {
        RequireBytes(length, what);
        var bytes = file.Bytes(Position, length);
        Position += length;
        return bytes;
    }

    private void RequireBytes(long bytes, string what)
    {
        if (bytes > Remaining) throw Refusal(what, $"expected {bytes} bytes at offset {Position}, found {Remaining} before the end of the file");
    }
}
