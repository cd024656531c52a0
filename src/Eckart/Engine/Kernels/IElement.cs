using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Eckart.Engine.Kernels;

/// <summary>How numbers that are computed with as float32 lie in memory, 16 at a time. A type for each format, so that a kernel is written once.</summary>
/// <typeparam name="T">What one number takes up.</typeparam>
internal unsafe interface IElement<T>
    where T : unmanaged
{
    /// <summary>Reads 16 numbers.</summary>
    static abstract V Load(T* from);

    /// <summary>Writes 16 numbers, rounded to the format.</summary>
    static abstract void Store(T* to, V values);
}

/// <summary>float32 as it is.</summary>
internal readonly unsafe struct Float32Element : IElement<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(float* from) => Vector512.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* to, V values) => values.Store(to);
}

/// <summary>bfloat16, the upper half of a float32.</summary>
internal readonly unsafe struct Bfloat16Element : IElement<ushort>
{
    private const int HalfBits = 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(ushort* from) => Vector512.ShiftLeft(Vector512.WidenLower(Vector256.Load(from).ToVector512Unsafe()), HalfBits).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ushort* to, V values)
    {
        // To the nearest: half of the last place is added before the cut, or a bit less where the number above is odd, so that ties go to even.
        var bits = values.AsUInt32();
        var odd = Vector512.ShiftRightLogical(bits, HalfBits) & Vector512<uint>.One;
        var rounded = bits + Vector512.Create(0x7FFFu) + odd;

        // A NaN whose upper half is all zeros or all ones would turn into an infinity or a zero: its quiet bit is set instead.
        var quiet = bits | Vector512.Create(0x0040_0000u);
        var result = Vector512.ShiftRightLogical(Vector512.ConditionalSelect(Vector512.Equals(values, values).AsUInt32(), rounded, quiet), HalfBits);
        Vector256.Narrow(result.GetLower(), result.GetUpper()).Store(to);
    }
}

/// <summary>The last, fewer than 16 numbers of a row: nothing beyond them is read or written.</summary>
/// <typeparam name="TElement">The format.</typeparam>
/// <typeparam name="T">What one number takes up.</typeparam>
internal static unsafe class Tail<TElement, T>
    where TElement : IElement<T>
    where T : unmanaged
{
    /// <summary>Reads <paramref name="count"/> numbers; zeros stand in the other lanes.</summary>
    public static V Load(T* from, int count)
    {
        var whole = stackalloc T[Lanes.Width];
        for (var i = 0; i < count; i++) whole[i] = from[i];
        return TElement.Load(whole);
    }

    /// <summary>Writes the first <paramref name="count"/> numbers.</summary>
    public static void Store(T* to, V values, int count)
    {
        var whole = stackalloc T[Lanes.Width];
        TElement.Store(whole, values);
        for (var i = 0; i < count; i++) to[i] = whole[i];
    }
}
