using System.Text;
using Eckart.Formats.Gguf;

namespace Eckart.Tests.Support;

/// <summary>Writes GGUF files, well-formed unless a test says otherwise.</summary>
internal sealed class GgufBytes
{
    private readonly List<byte[]> keys = [];
    private readonly List<(byte[] Name, uint Type, ulong[] Sizes, ulong Offset)> tensors = [];
    private readonly List<byte> data = [];

    public byte[] Magic { get; init; } = "GGUF"u8.ToArray();

    public uint Version { get; init; } = 3;

    public int Alignment { get; init; } = 32;

    public ulong? KeyCount { get; init; }

    public ulong? TensorCount { get; init; }

    /// <summary>The two-by-32 float32 tensor that most tests need.</summary>
    public static float[] Values { get; } = [.. Enumerable.Range(0, 64).Select(i => i / 4f - 3)];

    public static byte[] Text(string text) => [.. BitConverter.GetBytes((ulong)Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    public static byte[] Array(GgufValueType element, ulong count, params byte[][] items) =>
        [.. BitConverter.GetBytes((uint)element), .. BitConverter.GetBytes(count), .. items.SelectMany(item => item)];

    /// <summary>A key with the bytes of its value as they stand in the file.</summary>
    public GgufBytes Raw(string key, uint type, params byte[] value) => Raw(Text(key), type, value);

    public GgufBytes Raw(byte[] key, uint type, params byte[] value)
    {
        keys.Add([.. key, .. BitConverter.GetBytes(type), .. value]);
        return this;
    }

    public GgufBytes With(string key, object value) => value switch
    {
        string text => Raw(key, (uint)GgufValueType.String, Text(text)),
        uint number => Raw(key, (uint)GgufValueType.UInt32, BitConverter.GetBytes(number)),
        int number => Raw(key, (uint)GgufValueType.Int32, BitConverter.GetBytes(number)),
        ulong number => Raw(key, (uint)GgufValueType.UInt64, BitConverter.GetBytes(number)),
        long number => Raw(key, (uint)GgufValueType.Int64, BitConverter.GetBytes(number)),
        ushort number => Raw(key, (uint)GgufValueType.UInt16, BitConverter.GetBytes(number)),
        short number => Raw(key, (uint)GgufValueType.Int16, BitConverter.GetBytes(number)),
        byte number => Raw(key, (uint)GgufValueType.UInt8, number),
        sbyte number => Raw(key, (uint)GgufValueType.Int8, (byte)number),
        float number => Raw(key, (uint)GgufValueType.Float32, BitConverter.GetBytes(number)),
        double number => Raw(key, (uint)GgufValueType.Float64, BitConverter.GetBytes(number)),
        bool flag => Raw(key, (uint)GgufValueType.Boolean, flag ? (byte)1 : (byte)0),
        string[] texts => List(key, GgufValueType.String, texts, Text),
        int[] numbers => List(key, GgufValueType.Int32, numbers, BitConverter.GetBytes),
        float[] numbers => List(key, GgufValueType.Float32, numbers, BitConverter.GetBytes),
        _ => throw new ArgumentException($"no GGUF type for {value.GetType()}", nameof(value)),
    };

    /// <summary>A tensor, its sizes fastest first as in the file.</summary>
    public GgufBytes Tensor(string name, uint type, ulong[] sizes, byte[] bytes, ulong? offset = null)
    {
        data.AddRange(new byte[Padding(data.Count)]);
        tensors.Add((Text(name), type, sizes, offset ?? (ulong)data.Count));
        data.AddRange(bytes);
        return this;
    }

    public GgufBytes Tensor(string name = "w", ulong? offset = null) =>
        Tensor(name, 0, [32, 2], [.. Values.SelectMany(BitConverter.GetBytes)], offset);

    public byte[] ToArray()
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write(TensorCount ?? (ulong)tensors.Count);
        writer.Write(KeyCount ?? (ulong)keys.Count);
        foreach (var key in keys) writer.Write(key);
        foreach (var (name, type, sizes, offset) in tensors)
        {
            writer.Write(name);
            writer.Write((uint)sizes.Length);
            foreach (var size in sizes) writer.Write(size);
            writer.Write(type);
            writer.Write(offset);
        }

        if (tensors.Count > 0) writer.Write(new byte[Padding(file.Length)]);
        writer.Write([.. data]);
        return file.ToArray();
    }

    /// <summary>Opens the file and hands it to a test.</summary>
    public void Open(Action<GgufFile> use) => Open(ToArray(), use);

    public static void Open(byte[] bytes, Action<GgufFile> use)
    {
        using var folder = new TemporaryFolder();
        using var file = GgufFile.Open(folder.File("model.gguf", bytes));
        use(file);
    }

    /// <summary>Asserts that opening is refused with a line that names the file and holds the parts.</summary>
    public void IsRefused(params string[] parts) => IsRefused(ToArray(), parts);

    public static void IsRefused(byte[] bytes, params string[] parts) => Refused.With(() => Open(bytes, _ => { }), ["model.gguf", .. parts]);

    private long Padding(long position) => (Alignment - position % Alignment) % Alignment;

    private GgufBytes List<T>(string key, GgufValueType element, T[] items, Func<T, byte[]> toBytes) =>
        Raw(key, (uint)GgufValueType.Array, Array(element, (ulong)items.Length, [.. items.Select(toBytes)]));
}
