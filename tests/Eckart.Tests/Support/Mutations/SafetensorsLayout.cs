using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace Eckart.Tests.Support.Mutations;

/// <summary>A safetensors file taken apart without the reader under test, and only where every rule of the format holds.</summary>
internal static class SafetensorsLayout
{
    private static readonly Dictionary<string, int> Bits = new()
    {
        ["F4"] = 4, ["F6_E2M3"] = 6, ["F6_E3M2"] = 6, ["BOOL"] = 8, ["U8"] = 8, ["I8"] = 8, ["F8_E5M2"] = 8, ["F8_E4M3"] = 8, ["F8_E8M0"] = 8, ["F8_E4M3FNUZ"] = 8, ["F8_E5M2FNUZ"] = 8,
        ["I16"] = 16, ["U16"] = 16, ["F16"] = 16, ["BF16"] = 16, ["I32"] = 32, ["U32"] = 32, ["F32"] = 32, ["I64"] = 64, ["U64"] = 64, ["F64"] = 64, ["C64"] = 64,
    };

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
