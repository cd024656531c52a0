using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static Eckart.Formats.Gguf.PlainTypes;

namespace Eckart.Formats.Gguf;

/// <summary>Types in blocks of 32: a float16 scale, perhaps a minimum, and the levels; the low nibbles come before the high ones.</summary>
/// <remarks>Source: ggml's block structures and <c>dequantize_row_*</c>; names as ggml spells them.</remarks>
internal static class BlockQuants
{
    /// <summary>The uneven levels of the IQ4 types.</summary>
    public static readonly Vector128<sbyte> UnevenLevels = Vector128.Create(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

    [MethodImpl(Fast)]
    public static void Q4_0(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; !blocks.IsEmpty; blocks = blocks[18..], values = values[32..])
        {
            var (scale, packed) = (Half(blocks), Levels.Load(blocks[2..]));
            Levels.Scale(Levels.Centre(Levels.Low(packed), 8), scale, values);
            Levels.Scale(Levels.Centre(Levels.High(packed), 8), scale, values[16..]);
        }
    }

    [MethodImpl(Fast)]
    public static void Q4_1(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; !blocks.IsEmpty; blocks = blocks[20..], values = values[32..])
        {
            var (scale, minimum, packed) = (Half(blocks), Half(blocks[2..]), Levels.Load(blocks[4..]));
            Levels.Scale(Levels.Low(packed), scale, minimum, values);
            Levels.Scale(Levels.High(packed), scale, minimum, values[16..]);
        }
    }

    [MethodImpl(Fast)]
    public static void Q5_0(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; !blocks.IsEmpty; blocks = blocks[22..], values = values[32..])
        {
            var (scale, fifth, packed) = (Half(blocks), BinaryPrimitives.ReadUInt32LittleEndian(blocks[2..]), Levels.Load(blocks[6..]));
            Levels.Scale(Levels.Centre(Levels.Low(packed) | Levels.Spread((ushort)fifth, 16), 16), scale, values);
            Levels.Scale(Levels.Centre(Levels.High(packed) | Levels.Spread((ushort)(fifth >> 16), 16), 16), scale, values[16..]);
        }
    }

    [MethodImpl(Fast)]
    public static void Q5_1(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; !blocks.IsEmpty; blocks = blocks[24..], values = values[32..])
        {
            var (scale, minimum) = (Half(blocks), Half(blocks[2..]));
            var (fifth, packed) = (BinaryPrimitives.ReadUInt32LittleEndian(blocks[4..]), Levels.Load(blocks[8..]));
            Levels.Scale(Levels.Low(packed) | Levels.Spread((ushort)fifth, 16), scale, minimum, values);
            Levels.Scale(Levels.High(packed) | Levels.Spread((ushort)(fifth >> 16), 16), scale, minimum, values[16..]);
        }
    }

    [MethodImpl(Fast)]
    public static void Q8_0(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; !blocks.IsEmpty; blocks = blocks[34..], values = values[32..])
        {
            var scale = Half(blocks);
            Levels.Scale(Levels.Load(blocks[2..]).AsSByte(), scale, values);
            Levels.Scale(Levels.Load(blocks[18..]).AsSByte(), scale, values[16..]);
        }
    }

    [MethodImpl(Fast)]
    public static void IQ4_NL(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; !blocks.IsEmpty; blocks = blocks[18..], values = values[32..])
            Uneven(Levels.Load(blocks[2..]), Half(blocks), values);
    }

    /// <summary>32 values from 16 packed bytes of uneven levels.</summary>
    public static void Uneven(Vector128<byte> packed, float scale, Span<float> values)
    {
        Levels.Scale(Vector128.Shuffle(UnevenLevels, Levels.Low(packed).AsSByte()), scale, values);
        Levels.Scale(Vector128.Shuffle(UnevenLevels, Levels.High(packed).AsSByte()), scale, values[16..]);
    }
}
