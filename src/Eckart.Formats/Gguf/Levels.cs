using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Eckart.Formats.Gguf;

/// <summary>Sixteen quantised levels at a time to float32.</summary>
/// <remarks>Multiplication and addition are rounded one by one, as the reference rounds them: no fused multiply-add.</remarks>
internal static class Levels
{
    private static readonly Vector128<byte> BitOfEach = Vector128.Create((byte)1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Load(ReadOnlySpan<byte> bytes) => Vector128.Create(bytes);

    public static Vector128<byte> Low(Vector128<byte> packed) => packed & Vector128.Create((byte)15);

    public static Vector128<byte> High(Vector128<byte> packed) => packed >>> 4;

    /// <summary>Two bits of every byte, shifted down.</summary>
    public static Vector128<byte> Pair(Vector128<byte> packed, int shift) => (packed >>> shift) & Vector128.Create((byte)3);

    /// <summary><paramref name="value"/> where the byte has the bit set, else 0.</summary>
    public static Vector128<byte> WhereBit(Vector128<byte> bytes, int bit, byte value)
    {
        var mask = Vector128.Create((byte)(1 << bit));
        return Vector128.Equals(bytes & mask, mask) & Vector128.Create(value);
    }

    /// <summary><paramref name="value"/> for every set bit of <paramref name="bits"/>, lowest first, else 0.</summary>
    public static Vector128<byte> Spread(ushort bits, byte value)
    {
        var bytes = Vector128.Create(Vector64.Create((byte)bits), Vector64.Create((byte)(bits >> 8)));
        return Vector128.Equals(bytes & BitOfEach, BitOfEach) & Vector128.Create(value);
    }

    /// <summary><paramref name="levels"/> less <paramref name="zero"/>, now signed.</summary>
    public static Vector128<sbyte> Centre(Vector128<byte> levels, byte zero) => (levels - Vector128.Create(zero)).AsSByte();

    /// <summary>Writes scale · level.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scale(Vector128<sbyte> levels, float scale, Span<float> values) =>
        (ToSingle(levels) * scale).CopyTo(values);

    /// <summary>Writes scale · level + offset.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scale(Vector128<byte> levels, float scale, float offset, Span<float> values) =>
        (ToSingle(levels.AsSByte()) * scale + Vector512.Create(offset)).CopyTo(values);

    private static Vector512<float> ToSingle(Vector128<sbyte> levels)
    {
        var (lower, upper) = Vector128.Widen(levels);
        var (first, second) = Vector256.Widen(Vector256.Create(lower, upper));
        return Vector512.ConvertToSingle(Vector512.Create(first, second));
    }
}
