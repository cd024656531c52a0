namespace Eckart.Formats.Gguf;

/// <summary>A GGUF file, memory-mapped: metadata and tensors, all of it checked on opening.</summary>
/// <remarks>Source: the GGUF specification, versions 2 and 3, little-endian. Shapes are given slowest first; the file holds them fastest first.</remarks>
public sealed class GgufFile : ITensorFile
{
    private const uint Magic = 0x4655_4747;
    private const int ShortestFile = sizeof(uint);   // the magic
    private const int BigEndianVersionBits = 0xFFFF;

    // A multiple of every block size; keeps each view of the file below 2 GiB.
    private const int ElementsAtOnce = 1 << 20;

    private readonly MappedFile file;
    private readonly GgufDirectory directory;

    private GgufFile(MappedFile file)
    {
        this.file = file;
        var cursor = new GgufCursor(file);
        Version = ReadVersion(cursor);
        var (tensors, keys) = (cursor.UInt64("header"), cursor.UInt64("header"));
        Metadata = GgufMetadata.Read(file, cursor, keys);
        CheckTokenTables(Metadata);
        directory = GgufDirectory.Read(file, cursor, tensors, Alignment(Metadata));
    }

    /// <inheritdoc/>
    public string Path => file.Path;

    /// <summary>Version of the format: 2 or 3.</summary>
    public int Version { get; }

    /// <summary>Keys and values.</summary>
    public GgufMetadata Metadata { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorEntry> Tensors => directory.Entries;

    /// <summary>Opens and checks a file; the caller disposes it.</summary>
    /// <param name="path">A <c>.gguf</c> file.</param>
    /// <exception cref="InputException">Not readable, or malformed in any part but the tensors' values.</exception>
    public static GgufFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = MappedFile.Open(path, "GGUF", ShortestFile);
        try
        {
            return new GgufFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void ReadRows(string name, long firstRow, Span<float> destination)
    {
        var place = directory.Find(name);
        var (entry, type) = (place.Entry, place.Type);
        var (rows, remainder) = Math.DivRem(destination.Length, entry.RowLength);
        if (firstRow < 0 || remainder != 0 || firstRow > entry.Count / entry.RowLength - rows)
        {
            var message = $"Expected whole rows of {entry.RowLength} within {entry.ShapeText}, got {destination.Length} values from row {firstRow}.";
            throw new ArgumentException(message, nameof(destination));
        }

        if (type.Reader is not { } read)
        {
            var readable = string.Join(", ", GgmlType.All.Where(known => known.IsReadable));
            throw new InputException($"{Path}: tensor {Excerpt.Of(name)}", $"expected one of the types {readable}, found {type}", "quantise the model to one of them");
        }

        var first = firstRow * entry.RowLength;
        using var hold = file.Keep();
        while (!destination.IsEmpty)
        {
            var count = Math.Min(ElementsAtOnce, destination.Length);
            var start = place.Offset + first / type.BlockSize * type.BlockBytes;
            read(file.Bytes(start, count / type.BlockSize * type.BlockBytes), destination[..count]);
            destination = destination[count..];
            first += count;
        }
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Bytes(string name, long offset, int length)
    {
        var place = directory.Find(name);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, place.Entry.ByteLength - offset);
        return file.Bytes(place.Offset + offset, length);
    }

    /// <summary>Unmaps the file; reads that are under way on other threads finish first.</summary>
    public void Dispose() => file.Dispose();

    private static int ReadVersion(GgufCursor cursor)
    {
        var magic = cursor.UInt32("header");
        if (magic != Magic) throw cursor.Refusal("header", $"expected the magic bytes GGUF, found {magic:x8}");
        var version = cursor.UInt32("header");
        if (version is 2 or 3) return (int)version;
        throw cursor.Refusal("header", (version & BigEndianVersionBits) == 0 && version != 0
            ? "expected a little-endian file, found a big-endian one"
            : $"expected version 2 or 3, found {version}");
    }

    private static long Alignment(GgufMetadata metadata)
    {
        const string Key = "general.alignment";
        if (!metadata.Contains(Key)) return 32;
        if (metadata.Type(Key) is not GgufValueType.UInt32) throw metadata.Refusal(Key, $"expected UInt32, found {metadata.Type(Key)}");
        var alignment = metadata.Integer(Key);
        return long.IsPow2(alignment) ? alignment : throw metadata.Refusal(Key, $"expected a power of two, found {alignment}");
    }

    // Readers index these tables by token id: one that is short sends them past its end.
    private static void CheckTokenTables(GgufMetadata metadata)
    {
        const string Scores = "tokenizer.ggml.scores";
        const string Types = "tokenizer.ggml.token_type";
        var tokens = metadata.CountOf("tokenizer.ggml.tokens", "an array of strings", type => type is GgufValueType.String) ?? 0;
        var scores = metadata.CountOf(Scores, "an array of float32", type => type is GgufValueType.Float32) ?? tokens;
        var types = metadata.CountOf(Types, "an array of integers", GgufMetadata.IsInteger) ?? tokens;
        if (scores != tokens) throw metadata.Refusal(Scores, $"expected {tokens} scores, one a token, found {scores}");
        if (types != tokens) throw metadata.Refusal(Types, $"expected {tokens} types, one a token, found {types}");
    }
}
