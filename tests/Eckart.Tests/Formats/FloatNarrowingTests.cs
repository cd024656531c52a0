using System.Runtime.InteropServices;
using Eckart.Formats;
using TorchSharp;

namespace Eckart.Tests.Formats;

public sealed class FloatNarrowingTests
{
    private static readonly float[] Values =
    [
        0, -0f, 1, -1, 1 / 3f, 65504, -65504, 65519.99f, float.Epsilon, 6e-8f, 3e-8f, 2.98e-8f, 6.1e-5f, 1e-40f, 3.3895e38f, float.PositiveInfinity, float.NegativeInfinity,
        1 + (1f / 256), 1 + (3f / 256), 1 + (1f / 2048), 1 + (3f / 2048), 1.00390637f, 1.0039062f,
        .. Enumerable.Range(0, 70_000).Select(i => BitConverter.UInt32BitsToSingle((uint)i * 61_357u)).Where(value => Math.Abs(value) < 60_000),
    ];

    [Theory]
    [InlineData("F16", torch.ScalarType.Float16)]
    [InlineData("BF16", torch.ScalarType.BFloat16)]
    public void Halves_are_rounded_to_nearest_even_as_the_tensor_library_rounds(string type, torch.ScalarType scalar)
    {
        using var scope = torch.NewDisposeScope();
        using var stream = new MemoryStream();

        var beyond = FloatNarrowing.Write(Values.AsSpan(), type, stream);

        var expected = torch.tensor(Values).to(scalar).to(torch.float32).data<float>().ToArray();
        var stored = MemoryMarshal.Cast<byte, ushort>(stream.ToArray());
        Assert.Equal(Values.Length, stored.Length);
        for (var i = 0; i < stored.Length; i++)
        {
            var value = type == "F16" ? (float)BitConverter.UInt16BitsToHalf(stored[i]) : BitConverter.UInt32BitsToSingle((uint)stored[i] << 16);
            Assert.Equal(BitConverter.SingleToInt32Bits(expected[i]), BitConverter.SingleToInt32Bits(value));
        }

        Assert.Equal(Values.Zip(expected).Count(pair => float.IsFinite(pair.First) && !float.IsFinite(pair.Second)), beyond);
        Assert.True(type == "BF16" || beyond > 0);
    }

    [Fact]
    public void No_number_stays_none()
    {
        foreach (var type in new[] { "F16", "BF16", "F32", "F64" })
        {
            using var stream = new MemoryStream();

            Assert.Equal(0, FloatNarrowing.Write([float.NaN, BitConverter.UInt32BitsToSingle(0x7F80_0001)], type, stream));

            foreach (var bytes in stream.ToArray().Chunk((int)stream.Length / 2))
                Assert.True(type switch
                {
                    "F16" => Half.IsNaN(BitConverter.ToHalf(bytes)),
                    "BF16" => float.IsNaN(BitConverter.UInt32BitsToSingle((uint)BitConverter.ToUInt16(bytes) << 16)),
                    "F32" => float.IsNaN(BitConverter.ToSingle(bytes)),
                    _ => double.IsNaN(BitConverter.ToDouble(bytes)),
                });
        }
    }

    [Fact]
    public void Wider_types_hold_every_value()
    {
        using MemoryStream single = new(), wide = new();

        FloatNarrowing.Write(Values.AsSpan(), "F32", single);
        FloatNarrowing.Write(Values.AsSpan(), "F64", wide);

        Assert.Equal(Values, MemoryMarshal.Cast<byte, float>(single.ToArray()).ToArray());
        Assert.Equal(Values.Select(value => (double)value), MemoryMarshal.Cast<byte, double>(wide.ToArray()).ToArray());
        Assert.Throws<ArgumentException>(() => FloatNarrowing.Write([1f], "I8", single));
    }
}
