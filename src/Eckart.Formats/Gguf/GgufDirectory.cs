using System.Collections.Immutable;

namespace Eckart.Formats.Gguf;

/// <summary>Where the tensors of a GGUF file are.</summary>
internal sealed class GgufDirectory
{
    private const int MostTensors = 65_536;
    private const int MostDimensions = 4;
    private const long SmallestInfo = 8 + 1 + 4 + 8 + 4 + 8;

    private readonly string path;
    private readonly Dictionary<string, Place> places;

    private GgufDirectory(string path, List<Place> places)
    {
        this.path = path;
        this.places = places.ToDictionary(place => place.Entry.Name, StringComparer.Ordinal);
        Entries = new OrderedDictionary<string, TensorEntry>(places.Select(place => KeyValuePair.Create(place.Entry.Name, place.Entry)), StringComparer.Ordinal);
    }

    /// <summary>In the file's order.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Entries { get; }

    /// <exception cref="InputException">No such tensor.</exception>
    public Place Find(string name) => places.TryGetValue(name, out var place) ? place
        : throw new InputException(path, $"expected a tensor {Excerpt.Of(name)}, found none of that name among {places.Count}", "check that the file is complete and of this family");

    /// <summary>Reads the tensor infos at the cursor; the data start at the next multiple of the alignment.</summary>
    public static GgufDirectory Read(MappedFile file, GgufCursor cursor, ulong count, long alignment)
    {
        if (count > (ulong)Math.Min(MostTensors, cursor.Remaining / SmallestInfo))
            throw cursor.Refusal("header", $"expected at most {Math.Min(MostTensors, cursor.Remaining / SmallestInfo)} tensors, which is what the {cursor.Remaining} bytes left hold or what is read of any file, found {count} tensors announced");

        var infos = new List<Info>((int)count);
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0UL; i < count; i++)
        {
            var info = ReadInfo(cursor, cursor.Name($"tensor {i + 1} of {count}"));
            if (!names.Add(info.Entry.Name)) throw cursor.Refusal(info.What, "expected each tensor once, found it twice");
            infos.Add(info);
        }

        var start = (cursor.Position + alignment - 1) / alignment * alignment;
        foreach (var info in infos) CheckRange(cursor, info, alignment, file.Length - start);
        RefuseOverlaps(cursor, infos);
        return new GgufDirectory(file.Path, [.. infos.Select(info => new Place(info.Entry, info.Type, start + (long)info.Offset))]);
    }

    private static Info ReadInfo(GgufCursor cursor, string name)
    {
        var what = $"tensor {Excerpt.Of(name)}";
        var dimensions = cursor.UInt32(what);
        if (dimensions is 0 or > MostDimensions) throw cursor.Refusal(what, $"expected 1 to {MostDimensions} dimensions, found {dimensions}");

        var sizes = new long[dimensions];
        for (var i = 0; i < sizes.Length; i++)
        {
            var size = cursor.UInt64(what);
            sizes[i] = size is > 0 and <= long.MaxValue ? (long)size : throw cursor.Refusal(what, $"expected sizes from 1 to 2^63 - 1, found {size} as dimension {i}");
        }

        var number = cursor.UInt32(what);
        var type = GgmlType.Find(number) ?? throw cursor.Refusal(what, $"expected the number of a known tensor type, found {(int)number}");
        var bytes = ByteLength(cursor, what, type, sizes);
        return new Info(what, new TensorEntry(name, type.Name, [.. sizes.Reverse()], bytes), type, cursor.UInt64(what));
    }

    private static long ByteLength(GgufCursor cursor, string what, GgmlType type, long[] sizes)
    {
        if (sizes[0] % type.BlockSize != 0) throw cursor.Refusal(what, $"expected rows of whole blocks of {type.BlockSize} ({type}), found rows of {sizes[0]}");
        var elements = 1L;
        foreach (var size in sizes)
            elements = size <= long.MaxValue / 8 / elements ? elements * size : throw cursor.Refusal(what, $"expected fewer than 2^60 elements, found ({string.Join(", ", sizes)})");

        var blocks = elements / type.BlockSize;
        return blocks <= cursor.Remaining / type.BlockBytes ? blocks * type.BlockBytes
            : throw cursor.Refusal(what, $"expected a tensor within the {cursor.Remaining} bytes left, found {elements} elements of {type}");
    }

    private static void CheckRange(GgufCursor cursor, Info info, long alignment, long available)
    {
        if (info.Offset % (ulong)alignment != 0) throw cursor.Refusal(info.What, $"expected an offset that is a multiple of the alignment {alignment}, found {info.Offset}");
        if (available < info.Entry.ByteLength || info.Offset > (ulong)(available - info.Entry.ByteLength))
            throw cursor.Refusal(info.What, $"expected it within the {Math.Max(0, available)} bytes of data, found {info.Entry.ByteLength} bytes at offset {info.Offset}");
    }

    private static void RefuseOverlaps(GgufCursor cursor, List<Info> infos)
    {
        var ordered = infos.OrderBy(info => info.Offset).ToImmutableArray();
        for (var i = 1; i < ordered.Length; i++)
        {
            if (ordered[i].Offset < ordered[i - 1].Offset + (ulong)ordered[i - 1].Entry.ByteLength)
                throw cursor.Refusal(ordered[i].What, $"expected bytes of its own, found an overlap with those of {ordered[i - 1].What}");
        }
    }

    /// <summary>A tensor and its first byte in the file.</summary>
    public readonly record struct Place(TensorEntry Entry, GgmlType Type, long Offset);

    private readonly record struct Info(string What, TensorEntry Entry, GgmlType Type, ulong Offset);
}
