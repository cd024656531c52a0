using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Eckart.Formats.Gguf;

/// <summary>The keys and values of a GGUF file. Values are decoded when asked for; valid until the file is disposed.</summary>
/// <remarks>Source: the GGUF specification, "File structure". Deviation: at most 65,536 keys; arrays nest at most four deep,
/// and only those of at most 1,048,576 elements are decoded.</remarks>
public sealed class GgufMetadata
{
    private const int MostKeys = 65_536;
    private const int DeepestNesting = 4;
    private const long SmallestPair = 8 + 1 + 4 + 1;

    // Bounds what decoding may allocate: more than any vocabulary or list of merges has.
    private const int MostElements = 1 << 20;

    private readonly MappedFile file;
    private readonly OrderedDictionary<string, Value> values = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, bool> asked = new(StringComparer.Ordinal);

    private GgufMetadata(MappedFile file) => this.file = file;

    /// <summary>The file, as messages name it.</summary>
    public string Path => file.Path;

    /// <summary>Every key, in the file's order.</summary>
    public IReadOnlyList<string> Keys => values.Keys;

    /// <summary>Whether the file has the key.</summary>
    /// <param name="key">E.g. <c>general.architecture</c>.</param>
    public bool Contains(string key)
    {
        asked.TryAdd(key, true);
        return values.ContainsKey(key);
    }

    /// <summary>Keys that begin so and that nobody has asked for, in the file's order.</summary>
    /// <param name="prefix">E.g. <c>llama.</c>.</param>
    public IReadOnlyList<string> Unread(string prefix) => [.. values.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal) && !asked.ContainsKey(key))];

    /// <summary>The stored type of a value; <see cref="GgufValueType.Array"/> for all arrays.</summary>
    /// <param name="key">One of <see cref="Keys"/>.</param>
    /// <exception cref="InputException">No such key.</exception>
    public GgufValueType Type(string key) => Find(key).Type;

    /// <summary>The stored bytes behind a key, its type's number included: what a copy of the file writes after the key.</summary>
    /// <param name="key">One of <see cref="Keys"/>.</param>
    /// <exception cref="InputException">No such key, or a value of 2 GiB and more.</exception>
    public ReadOnlySpan<byte> Bytes(string key)
    {
        var value = Find(key);
        return file.Bytes(value.Start, Size(key, value.Start, value.End));
    }

    /// <summary>A text.</summary>
    /// <param name="key">One of <see cref="Keys"/>.</param>
    /// <exception cref="InputException">No such key, another type, or not UTF-8.</exception>
    public string String(string key)
    {
        var value = Find(key, "a string", GgufValueType.String);
        return new GgufCursor(file, value.Payload).Text(Describe(key));
    }

    /// <summary>An integer of any stored width.</summary>
    /// <param name="key">One of <see cref="Keys"/>.</param>
    /// <exception cref="InputException">No such key, another type, or beyond 63 bits.</exception>
    public long Integer(string key)
    {
        var value = Find(key);
        return IsInteger(value.Type) ? IntegerAt(key, value.Type, value.Payload) : throw WrongType(key, "an integer", value);
    }

    /// <summary>A number of single or double precision.</summary>
    /// <param name="key">One of <see cref="Keys"/>.</param>
    /// <exception cref="InputException">No such key or another type.</exception>
    public double Float(string key)
    {
        var value = Find(key, "a floating-point number", GgufValueType.Float32, GgufValueType.Float64);
        var bytes = file.Bytes(value.Payload, Width(value.Type));
        return value.Type is GgufValueType.Float32 ? BinaryPrimitives.ReadSingleLittleEndian(bytes) : BinaryPrimitives.ReadDoubleLittleEndian(bytes);
    }

    /// <summary>True or false.</summary>
    /// <param name="key">One of <see cref="Keys"/>.</param>
    /// <exception cref="InputException">No such key, another type, or a byte that is neither 0 nor 1.</exception>
    public bool Boolean(string key)
    {
        var value = Find(key, "a boolean", GgufValueType.Boolean);
        return file.Bytes(value.Payload, 1)[0] switch
        {
            0 => false,
            1 => true,
            var other => throw Refusal(key, $"expected 0 or 1, found {other}"),
        };
    }

    /// <summary>An array of texts.</summary>
    /// <param name="key">One of <see cref="Keys"/>.</param>
    /// <exception cref="InputException">No such key, another type, or not UTF-8.</exception>
    public ImmutableArray<string> Strings(string key)
    {
        var value = FindArray(key, "an array of strings", type => type is GgufValueType.String);
        var (cursor, what) = (new GgufCursor(file, value.Payload), Describe(key));
        var texts = new string[value.Count];
        for (var i = 0; i < texts.Length; i++) texts[i] = cursor.Text(what);
        return ImmutableCollectionsMarshal.AsImmutableArray(texts);
    }

    /// <summary>An array of integers of any stored width.</summary>
    /// <param name="key">One of <see cref="Keys"/>.</param>
    /// <exception cref="InputException">No such key, another type, or an element beyond 63 bits.</exception>
    public ImmutableArray<long> Integers(string key)
    {
        var value = FindArray(key, "an array of integers", IsInteger);
        var integers = new long[value.Count];
        for (var i = 0; i < integers.Length; i++)
            integers[i] = IntegerAt(key, value.Element, value.Payload + (long)i * Width(value.Element));
        return ImmutableCollectionsMarshal.AsImmutableArray(integers);
    }

    /// <summary>An array of single-precision numbers.</summary>
    /// <param name="key">One of <see cref="Keys"/>.</param>
    /// <exception cref="InputException">No such key or another type.</exception>
    public ImmutableArray<float> Floats(string key)
    {
        var value = FindArray(key, "an array of float32", type => type is GgufValueType.Float32);
        return [.. MemoryMarshal.Cast<byte, float>(file.Bytes(value.Payload, Size(key, value.Payload, value.End)))];
    }

    /// <summary>Walks over all pairs at the cursor, checking every extent against the file.</summary>
    internal static GgufMetadata Read(MappedFile file, GgufCursor cursor, ulong count)
    {
        if (count > (ulong)Math.Min(MostKeys, cursor.Remaining / SmallestPair))
            throw cursor.Refusal("header", $"expected at most {Math.Min(MostKeys, cursor.Remaining / SmallestPair)} keys, which is what the {cursor.Remaining} bytes left hold or what is read of any file, found {count} keys announced");

        var metadata = new GgufMetadata(file);
        for (var i = 0UL; i < count; i++)
        {
            var key = cursor.Name($"key {i + 1} of {count}");
            if (!metadata.values.TryAdd(key, ReadValue(cursor, Describe(key)))) throw metadata.Refusal(key, "expected each key once, found it twice");
        }

        return metadata;
    }

    /// <summary>An array's length, or nothing where the key is missing.</summary>
    /// <exception cref="InputException">Not an array of that type.</exception>
    internal long? CountOf(string key, string wanted, Func<GgufValueType, bool> isElement) =>
        Contains(key) ? FindArray(key, wanted, isElement).Count : null;

    internal InputException Refusal(string key, string found) =>
        new($"{Path}: {Describe(key)}", found, "fetch or convert the file again: it is damaged or its converter at fault");

    internal static bool IsInteger(GgufValueType type) => type is not (GgufValueType.Float32 or GgufValueType.Float64
        or GgufValueType.Boolean or GgufValueType.String or GgufValueType.Array);

    private static string Describe(string key) => $"key {Excerpt.Of(key)}";

    private static Value ReadValue(GgufCursor cursor, string what)
    {
        var start = cursor.Position;
        var type = ReadType(cursor, what);
        if (type is GgufValueType.Array) return ReadArray(cursor, what, start, depth: 1);

        var payload = cursor.Position;
        SkipMany(cursor, what, type, 1, depth: 0);
        return new Value(type, type, start, payload, 1, cursor.Position);
    }

    private static Value ReadArray(GgufCursor cursor, string what, long start, int depth)
    {
        if (depth > DeepestNesting) throw cursor.Refusal(what, $"expected arrays nested at most {DeepestNesting} deep, found deeper ones");
        var element = ReadType(cursor, what);
        var count = cursor.Count(smallest: Width(element), what);
        var payload = cursor.Position;
        SkipMany(cursor, what, element, count, depth);
        return new Value(GgufValueType.Array, element, start, payload, count, cursor.Position);
    }

    private static void SkipMany(GgufCursor cursor, string what, GgufValueType type, long count, int depth)
    {
        if (type is GgufValueType.String)
            for (var i = 0L; i < count; i++) cursor.SkipText(what);
        else if (type is GgufValueType.Array)
            for (var i = 0L; i < count; i++) ReadArray(cursor, what, cursor.Position, depth + 1);
        else
            cursor.Skip(count * Width(type), what);
    }

    private static GgufValueType ReadType(GgufCursor cursor, string what)
    {
        var number = cursor.UInt32(what);
        return number <= (uint)GgufValueType.Float64 ? (GgufValueType)number : throw cursor.Refusal(what, $"expected the number of a value's type (0 to {(uint)GgufValueType.Float64}), found {number}");
    }

    /// <summary>Bytes of a value; of a string or an array, those of the smallest.</summary>
    private static int Width(GgufValueType type) => type switch
    {
        GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Boolean => 1,
        GgufValueType.UInt16 or GgufValueType.Int16 => 2,
        GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Float32 => 4,
        GgufValueType.Array => 4 + 8,
        _ => 8,
    };

    private long IntegerAt(string key, GgufValueType type, long offset)
    {
        var bytes = file.Bytes(offset, Width(type));
        return type switch
        {
            GgufValueType.UInt8 => bytes[0],
            GgufValueType.Int8 => (sbyte)bytes[0],
            GgufValueType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            GgufValueType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            GgufValueType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            GgufValueType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            GgufValueType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(bytes) is var big && big <= long.MaxValue ? (long)big : throw Refusal(key, $"expected an integer of at most 63 bits, found {big}"),
        };
    }

    private Value Find(string key)
    {
        asked.TryAdd(key, true);
        return values.TryGetValue(key, out var value) ? value : throw Refusal(key, "expected it, found no such key");
    }

    private Value Find(string key, string wanted, params ReadOnlySpan<GgufValueType> types)
    {
        var value = Find(key);
        return types.Contains(value.Type) ? value : throw WrongType(key, wanted, value);
    }

    private Value FindArray(string key, string wanted, Func<GgufValueType, bool> isElement)
    {
        var value = Find(key);
        if (value.Type is not GgufValueType.Array || !isElement(value.Element)) throw WrongType(key, wanted, value);
        return value.Count <= MostElements ? value : throw Refusal(key, $"expected at most {MostElements} elements, found {value.Count}");
    }

    private int Size(string key, long start, long end) =>
        end - start <= int.MaxValue ? (int)(end - start) : throw Refusal(key, $"expected a value of less than 2 GiB, found {end - start} bytes");

    private InputException WrongType(string key, string wanted, Value value) =>
        Refusal(key, $"expected {wanted}, found {(value.Type is GgufValueType.Array ? $"an array of {value.Element}" : value.Type)}");

    private readonly record struct Value(GgufValueType Type, GgufValueType Element, long Start, long Payload, long Count, long End);
}
