using System.Runtime.InteropServices;

namespace Eckart.Formats;

/// <summary>float32 to stored float types: each value rounded once, to the nearest, ties to even.</summary>
public static class FloatNarrowing
{
    private const int Block = 1 << 16;

    /// <summary>Writes values as one of the types that weights are stored in, little-endian.</summary>
    /// <param name="values">Finite, or kept as they are.</param>
    /// <param name="type"><c>F64</c>, <c>F32</c>, <c>F16</c> or <c>BF16</c>.</param>
    /// <param name="stream">Written to.</param>
    /// <returns>How many finite values are beyond the type's range and were written as infinite.</returns>
    /// <exception cref="ArgumentException">Another type.</exception>
    public static long Write(ReadOnlySpan<float> values, string type, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var beyond = 0L;
        for (var first = 0; first < values.Length; first += Block)
        {
            var block = values.Slice(first, Math.Min(Block, values.Length - first));
            switch (type)
            {
                case "F32": stream.Write(MemoryMarshal.AsBytes(block)); break;
                case "F64": stream.Write(MemoryMarshal.AsBytes<double>(Array.ConvertAll(block.ToArray(), value => (double)value))); break;
                case "F16": beyond += Write(block, stream, value => BitConverter.HalfToUInt16Bits((Half)value), 0x7C00); break;
                case "BF16": beyond += Write(block, stream, ToBf16, 0x7F80); break;
                default: throw new ArgumentException($"Expected F64, F32, F16 or BF16, got '{type}'.", nameof(type));
            }
        }

        return beyond;
    }

    private static long Write(ReadOnlySpan<float> values, Stream stream, Func<float, ushort> narrow, ushort infinity)
    {
        const ushort Magnitude = 0x7FFF;
        var (stored, beyond) = (new ushort[values.Length], 0L);
        for (var i = 0; i < values.Length; i++)
        {
            stored[i] = narrow(values[i]);
            if ((stored[i] & Magnitude) == infinity && float.IsFinite(values[i])) beyond++;
        }

        stream.Write(MemoryMarshal.AsBytes<ushort>(stored));
        return beyond;
    }

    // The upper half, plus one where the lower half is more than half of a last place, or is half of it and the last place is odd.
    private static ushort ToBf16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        const uint Quiet = 1u << 22;
        return float.IsNaN(value) ? (ushort)((bits | Quiet) >> 16) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
