using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using static Eckart.Formats.Gguf.PlainTypes;

namespace Eckart.Formats.Gguf;

/// <summary>Types in super-blocks of 256, whose parts of 16 or 32 have scales that are quantised themselves.</summary>
/// <remarks>Source: ggml's block structures and <c>dequantize_row_*</c>; names as ggml spells them.</remarks>
internal static class KQuants
{
    // scales[16], levels[64], scale, minimum
    [MethodImpl(Fast)]
    public static void Q2_K(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; !blocks.IsEmpty; blocks = blocks[84..], values = values[256..])
        {
            var (scale, minimum) = (Half(blocks[80..]), Half(blocks[82..]));
            for (var part = 0; part < 16; part++)
            {
                var levels = Levels.Pair(Levels.Load(blocks[(16 + QuarterStart(part))..]), QuarterShift(part));
                Levels.Scale(levels, scale * (blocks[part] & 15), -(minimum * (blocks[part] >> 4)), values[(16 * part)..]);
            }
        }
    }

    // third bits[32], levels[64], scales[12], scale
    [MethodImpl(Fast)]
    public static void Q3_K(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; !blocks.IsEmpty; blocks = blocks[110..], values = values[256..])
        {
            var scale = Half(blocks[108..]);
            var scales = blocks.Slice(96, 12);
            for (var part = 0; part < 16; part++)
            {
                var levels = Levels.Pair(Levels.Load(blocks[(32 + QuarterStart(part))..]), QuarterShift(part))
                    | Levels.WhereBit(Levels.Load(blocks[(16 * (part % 2))..]), part / 2, 4);
                var own = ((part < 8 ? scales[part] & 15 : scales[part - 8] >> 4) | ((scales[8 + part % 4] >> (part / 4 * 2)) & 3) << 4) - 32;
                Levels.Scale(Levels.Centre(levels, 4), scale * own, values[(16 * part)..]);
            }
        }
    }

    // scale, minimum, scales and minima[12], levels[128]
    [MethodImpl(Fast)]
    public static void Q4_K(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; !blocks.IsEmpty; blocks = blocks[144..], values = values[256..])
        {
            for (var part = 0; part < 16; part++)
            {
                var packed = Levels.Load(blocks[(16 + NibbleStart(part))..]);
                var (scale, minimum) = ScaleAndMinimum(blocks, part / 2);
                Levels.Scale(part % 4 < 2 ? Levels.Low(packed) : Levels.High(packed), scale, -minimum, values[(16 * part)..]);
            }
        }
    }

    // scale, minimum, scales and minima[12], fifth bits[32], levels[128]
    [MethodImpl(Fast)]
    public static void Q5_K(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; !blocks.IsEmpty; blocks = blocks[176..], values = values[256..])
        {
            for (var part = 0; part < 16; part++)
            {
                var packed = Levels.Load(blocks[(48 + NibbleStart(part))..]);
                var fifth = Levels.WhereBit(Levels.Load(blocks[(16 + 16 * (part % 2))..]), part / 2, 16);
                var (scale, minimum) = ScaleAndMinimum(blocks, part / 2);
                Levels.Scale((part % 4 < 2 ? Levels.Low(packed) : Levels.High(packed)) | fifth, scale, -minimum, values[(16 * part)..]);
            }
        }
    }

    // low nibbles[128], upper pairs[64], scales[16], scale
    [MethodImpl(Fast)]
    public static void Q6_K(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; !blocks.IsEmpty; blocks = blocks[210..], values = values[256..])
        {
            var scale = Half(blocks[208..]);
            for (var part = 0; part < 16; part++)
            {
                var packed = Levels.Load(blocks[(64 * (part / 8) + 16 * (part % 4))..]);
                var upper = Levels.Pair(Levels.Load(blocks[(128 + QuarterStart(part))..]), QuarterShift(part)) << 4;
                var levels = (part % 8 < 4 ? Levels.Low(packed) : Levels.High(packed)) | upper;
                Levels.Scale(Levels.Centre(levels, 32), scale * (sbyte)blocks[192 + part], values[(16 * part)..]);
            }
        }
    }

    // scale, upper pairs of the scales (16 bits), low nibbles of the scales[4], levels[128]
    [MethodImpl(Fast)]
    public static void IQ4_XS(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; !blocks.IsEmpty; blocks = blocks[136..], values = values[256..])
        {
            var (scale, upper) = (Half(blocks), BinaryPrimitives.ReadUInt16LittleEndian(blocks[2..]));
            for (var part = 0; part < 8; part++)
            {
                var own = ((blocks[4 + part / 2] >> (part % 2 * 4)) & 15) | ((upper >> (part * 2)) & 3) << 4;
                BlockQuants.Uneven(Levels.Load(blocks[(8 + 16 * part)..]), scale * (own - 32), values[(32 * part)..]);
            }
        }
    }

    // Pairs of bits: 32 bytes hold 128 values, 32 at a shift.
    private static int QuarterStart(int part) => 32 * (part / 8) + 16 * (part % 2);

    private static int QuarterShift(int part) => part % 8 / 2 * 2;

    // Nibbles: 32 bytes hold 64 values, 32 low, then 32 high.
    private static int NibbleStart(int part) => 32 * (part / 4) + 16 * (part % 2);

    // Eight scales and eight minima of six bits in twelve bytes.
    private static (float Scale, float Minimum) ScaleAndMinimum(ReadOnlySpan<byte> block, int part)
    {
        var packed = block.Slice(4, 12);
        var (scale, minimum) = part < 4
            ? (packed[part] & 63, packed[part + 4] & 63)
            : ((packed[part + 4] & 15) | packed[part - 4] >> 6 << 4, packed[part + 4] >> 4 | packed[part] >> 6 << 4);
        return (Half(block) * scale, Half(block[2..]) * minimum);
    }
}
