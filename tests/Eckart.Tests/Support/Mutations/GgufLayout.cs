using System.Numerics;
using System.Text;
using Eckart.Formats.Gguf;

namespace Eckart.Tests.Support.Mutations;

/// <summary>A GGUF file taken apart without the reader under test; fails the test where the file breaks a rule of the format.</summary>
internal sealed class GgufLayout
{
    private readonly byte[] file;
    private readonly List<(int At, int Size)> fields = [];
    private int at;

    public GgufLayout(byte[] file)
    {
        this.file = file;
        Assert.Equal("GGUF"u8.ToArray(), Bytes(4));
        Assert.InRange(UInt32(), 2u, 3u);
        var (tensors, keys) = (UInt64(), UInt64());
        for (var i = 0UL; i < keys; i++) Key();
        var infos = Enumerable.Range(0, (int)tensors).Select(_ => Info()).ToArray();
        Head = at;
        Place(infos);
    }

    /// <summary>Bytes before the data.</summary>
    public int Head { get; }

    /// <summary>Every number that says how large, how many, where or of which type.</summary>
    public IReadOnlyList<(int At, int Size)> Fields => fields;

    /// <summary>The bytes of each value, its type first.</summary>
    public Dictionary<string, byte[]> Keys { get; } = [];

    /// <summary>Each tensor, its sizes fastest first.</summary>
    public Dictionary<string, (GgmlType Type, ulong[] Sizes, byte[] Data)> Tensors { get; } = [];

    private void Key()
    {
        var name = Text();
        Assert.NotEmpty(name);
        var start = at;
        Value(UInt32());
        Keys.Add(name, file[start..at]);
    }

    private void Value(uint type)
    {
        switch ((GgufValueType)type)
        {
            case GgufValueType.String: Bytes(UInt64()); break;
            case GgufValueType.Array:
                var element = UInt32();
                for (var left = UInt64(); left > 0; left--) Value(element);
                break;
            case GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Boolean: Bytes(1); break;
            case GgufValueType.UInt16 or GgufValueType.Int16: Bytes(2); break;
            case GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Float32: Bytes(4); break;
            case GgufValueType.UInt64 or GgufValueType.Int64 or GgufValueType.Float64: Bytes(8); break;
            default: Assert.Fail($"no type {type}"); break;
        }
    }

    private (string Name, GgmlType Type, ulong[] Sizes, ulong Offset) Info()
    {
        var name = Text();
        Assert.NotEmpty(name);
        var dimensions = UInt32();
        Assert.InRange(dimensions, 1u, 4u);
        ulong[] sizes = [.. Enumerable.Range(0, (int)dimensions).Select(_ => UInt64())];
        Assert.DoesNotContain(0UL, sizes);
        return (name, Assert.IsType<GgmlType>(GgmlType.Find(UInt32())), sizes, UInt64());
    }

    private void Place((string Name, GgmlType Type, ulong[] Sizes, ulong Offset)[] infos)
    {
        var alignment = Keys.TryGetValue("general.alignment", out var value) ? BitConverter.ToUInt32(value, 4) : 32UL;
        var start = ((ulong)Head + alignment - 1) / alignment * alignment;
        var covered = new int[file.Length];
        foreach (var (name, type, sizes, offset) in infos)
        {
            var length = sizes.Aggregate(BigInteger.One, (product, size) => product * size) / type.BlockSize * type.BlockBytes;
            Assert.Equal(0UL, sizes[0] % (ulong)type.BlockSize);
            Assert.Equal(0UL, offset % alignment);
            Assert.True(start + new BigInteger(offset) + length <= file.Length, $"{name} ends beyond the file");
            var begin = (int)(start + offset);
            for (var i = 0; i < (int)length; i++) Assert.Equal(1, ++covered[begin + i]);
            Tensors.Add(name, (type, sizes, file[begin..(begin + (int)length)]));
        }
    }

    private string Text() => new UTF8Encoding(false, true).GetString(Bytes(UInt64()));

    private uint UInt32()
    {
        fields.Add((at, sizeof(uint)));
        return BitConverter.ToUInt32(Bytes(sizeof(uint)));
    }

    private ulong UInt64()
    {
        fields.Add((at, sizeof(ulong)));
        return BitConverter.ToUInt64(Bytes(sizeof(ulong)));
    }

    private byte[] Bytes(ulong count)
    {
        Assert.True(count <= (ulong)(file.Length - at), $"{count} bytes beyond the end");
        at += (int)count;
        return file[(at - (int)count)..at];
    }
}
