using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace Eckart.Tests.Support.Mutations;

/// <summary>A safetensors file taken apart without the reader under test, and only where every rule of the format holds.</summary>
internal static class SafetensorsLayout
{
    private static readonly Dictionary<string, int> Bits = new (int Bits, string Types)[]
    {
        (4, "F4"), (6, "F6_E2M3 F6_E3M2"), (8, "BOOL U8 I8 F8_E5M2 F8_E4M3 F8_E8M0 F8_E4M3FNUZ F8_E5M2FNUZ"), (16, "I16 U16 F16 BF16"), (32, "I32 U32 F32"), (64, "I64 U64 F64 C64"),
    }.SelectMany(group => group.Types.Split(' '), (group, type) => (type, group.Bits)).ToDictionary();

    /// <summary>The header's text.</summary>
    public static byte[] Header(byte[] file) => file[8..(8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(file))];

    /// <summary>Every tensor with its bytes; fails the test where the file breaks a rule.</summary>
    public static Dictionary<string, (string Type, long[] Shape, byte[] Data)> Tensors(byte[] file)
    {
        var data = file.AsSpan(8 + Header(file).Length).ToArray();
        using var header = JsonDocument.Parse(new UTF8Encoding(false, true).GetString(Header(file)));
        var covered = new int[data.Length];
        var tensors = new Dictionary<string, (string, long[], byte[])>();
        foreach (var entry in header.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__"))
        {
            var (type, shape) = (entry.Value.GetProperty("dtype").GetString()!, Sizes(entry.Value.GetProperty("shape")));
            var range = Sizes(entry.Value.GetProperty("data_offsets"));
            Assert.Equal(2, range.Length);
            Assert.InRange(range[0], 0, range[1]);
            Assert.InRange(range[1], range[0], data.Length);
            Assert.Equal(8 * new BigInteger(range[1] - range[0]), shape.Aggregate(new BigInteger(Bits[type]), (product, size) => product * size));
            for (var i = range[0]; i < range[1]; i++) covered[i]++;
            tensors.Add(entry.Name, (type, shape, data[(int)range[0]..(int)range[1]]));
        }

        Assert.All(covered, times => Assert.Equal(1, times));
        return tensors;
    }

    private static long[] Sizes(JsonElement list) => [.. list.EnumerateArray().Select(size => size.GetInt64())];
}
