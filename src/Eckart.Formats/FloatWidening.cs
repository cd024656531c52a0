using System.Numerics;

namespace Eckart.Formats;

/// <summary>Stored float types to float32: exact for the 16-bit ones, rounded to nearest for float64.</summary>
internal static class FloatWidening
{
    private const int HalfMantissaShift = 13;
    private const uint HalfInfinity = 0x7C00 << HalfMantissaShift;
    private const uint BiasDifference = (127 - 15) << 23;
    private const uint SmallestNormalHalf = (127 - 14) << 23;

    /// <summary>BF16 is the upper half of a float32.</summary>
    public static void FromBf16(ReadOnlySpan<ushort> source, Span<float> destination)
    {
        var i = 0;
        for (; i <= source.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(source[i..]), out var low, out var high);
            (low << 16).As<uint, float>().CopyTo(destination[i..]);
            (high << 16).As<uint, float>().CopyTo(destination[(i + Vector<float>.Count)..]);
        }

        for (; i < source.Length; i++) destination[i] = BitConverter.UInt32BitsToSingle((uint)source[i] << 16);
    }

    /// <summary>IEEE half precision.</summary>
    public static void FromF16(ReadOnlySpan<ushort> source, Span<float> destination)
    {
        var i = 0;
        for (; i <= source.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(source[i..]), out var low, out var high);
            FromF16(low).CopyTo(destination[i..]);
            FromF16(high).CopyTo(destination[(i + Vector<float>.Count)..]);
        }

        for (; i < source.Length; i++) destination[i] = (float)BitConverter.UInt16BitsToHalf(source[i]);
    }

    /// <summary>Double precision; what float32 cannot hold becomes infinite.</summary>
    public static void FromF64(ReadOnlySpan<double> source, Span<float> destination)
    {
        for (var i = 0; i < source.Length; i++) destination[i] = (float)source[i];
    }

    // The fields move into place and the exponent changes its bias. Two kinds of value need more: an all-ones exponent (infinite, NaN) must
    // stay all ones, and a zero exponent (0, subnormal) has no leading one, so the one that a bias puts there is subtracted as a number.
    private static Vector<float> FromF16(Vector<uint> half)
    {
        var magnitude = (half & new Vector<uint>(0x7FFF)) << HalfMantissaShift;
        var exponent = magnitude & new Vector<uint>(HalfInfinity);

        var normal = magnitude + new Vector<uint>(BiasDifference);
        var special = normal + new Vector<uint>(BiasDifference);
        var subnormal = (magnitude + new Vector<uint>(SmallestNormalHalf)).As<uint, float>() - new Vector<uint>(SmallestNormalHalf).As<uint, float>();

        var result = Vector.ConditionalSelect(Vector.Equals(exponent, new Vector<uint>(HalfInfinity)), special, normal);
        result = Vector.ConditionalSelect(Vector.Equals(exponent, Vector<uint>.Zero), subnormal.As<float, uint>(), result);
        return (result | ((half & new Vector<uint>(0x8000)) << 16)).As<uint, float>();
    }
}
