using System.Buffers.Binary;

namespace Eckart.Formats.Safetensors;

/// <summary>What the start of a safetensors file says of its tensors, every claim checked against the file's length.</summary>
/// <remarks>Source: the format section of the safetensors README. Deviations, all stricter than its reader: at most 65,536 tensors of at most 64 dimensions, a key may stand once only, a tensor has
/// no further fields, and sizes whose product leaves 64 bits are refused even beside a size of 0.</remarks>
public sealed class SafetensorsHeader
{
    // The limit of the reference reader.
    private const long LongestHeader = 100_000_000;
    private const int PrefixLength = sizeof(ulong);
    private const string TakeItAgain = "download or save the file again";

    private readonly OrderedDictionary<string, TensorEntry> tensors = [];
    private readonly OrderedDictionary<string, long> offsets = [];

    private SafetensorsHeader(long dataOffset, IEnumerable<SafetensorsClaim> claims, IReadOnlyDictionary<string, string> metadata)
    {
        Metadata = metadata;
        foreach (var claim in claims)
        {
            tensors.Add(claim.Name, new TensorEntry(claim.Name, claim.Type, claim.Shape, claim.End - claim.Begin));
            offsets.Add(claim.Name, dataOffset + claim.Begin);
        }
    }

    /// <summary>Bytes of the smallest start that can be read: the length prefix.</summary>
    internal static int ShortestFile => PrefixLength;

    /// <summary>Bytes of a file that <see cref="Parse"/> may look at: the length prefix and the longest header.</summary>
    public static int LongestStart => PrefixLength + (int)LongestHeader;

    /// <summary>Every tensor by its name, in the header's order.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Tensors => tensors;

    /// <summary>First byte of every tensor, counted from the file's start.</summary>
    public IReadOnlyDictionary<string, long> Offsets => offsets;

    /// <summary>The texts under <c>__metadata__</c>, in the header's order; empty where there are none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads a header and checks that its tensors cover the rest of the file, each byte once.</summary>
    /// <param name="start">The file's first bytes: all of it, or at least <see cref="LongestStart"/>.</param>
    /// <param name="fileLength">Bytes of the whole file.</param>
    /// <param name="where">The file, as messages name it.</param>
    /// <exception cref="InputException">The file is not safetensors, or a claim of its header is not true of it.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> start, long fileLength, string where)
    {
        var json = start.Slice(PrefixLength, HeaderLength(start, fileLength, where));
        var (claims, metadata) = SafetensorsHeaderReader.Read(json, where);

        var dataOffset = PrefixLength + json.Length;
        CheckRanges(claims, fileLength - dataOffset, where);
        return new SafetensorsHeader(dataOffset, claims, metadata);
    }

    private static int HeaderLength(ReadOnlySpan<byte> start, long fileLength, string where)
    {
        if (fileLength < PrefixLength)
            throw new InputException(where, $"expected a safetensors file of at least {PrefixLength} bytes, found {fileLength}", TakeItAgain);

        var length = BinaryPrimitives.ReadUInt64LittleEndian(start);
        if (length > LongestHeader)
            throw new InputException(where, $"expected a header of at most {LongestHeader} bytes, found {length} announced", "check that this is a safetensors file");
        if (length == 0)
            throw new InputException(where, "expected a header, found 0 bytes announced", "check that this is a safetensors file");
        if ((long)length > fileLength - PrefixLength)
            throw new InputException(where, $"expected a header of {length} bytes, found the file's end after {fileLength - PrefixLength}", TakeItAgain);
        return (int)length;
    }

    private static void CheckRanges(List<SafetensorsClaim> claims, long dataLength, string where)
    {
        foreach (var claim in claims) claim.Check(dataLength, where);

        var end = 0L;
        SafetensorsClaim? before = null;
        foreach (var claim in claims.OrderBy(claim => claim.Begin).ThenBy(claim => claim.End))
        {
            if (claim.Begin < end)
                throw new InputException(claim.Where(where), $"expected bytes of its own, found {claim.Range} within those of {Excerpt.Of(before!.Name)} ({before.Range})", TakeItAgain);
            if (claim.Begin > end)
                throw new InputException(claim.Where(where), $"expected it to start at byte {end} of the data, where the tensor before ends, found {claim.Begin}", TakeItAgain);
            (before, end) = (claim, claim.End);
        }

        if (end != dataLength)
            throw new InputException(where, $"expected tensors up to the file's last byte, found {dataLength - end} bytes after the last one", TakeItAgain);
    }
}
