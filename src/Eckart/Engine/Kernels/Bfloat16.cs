using System.Runtime.CompilerServices;

namespace Eckart.Engine.Kernels;

/// <summary>Between float32 and bfloat16, which is the upper half of a float32.</summary>
internal static unsafe class Bfloat16
{
    /// <summary>bfloat16 to float32, exactly.</summary>
    [MethodImpl(Lanes.Fast)]
    public static void Widen(ushort* from, float* to, long count)
    {
        long i = 0;
        for (; i + Lanes.Width <= count; i += Lanes.Width) Float32Element.Store(to + i, Bfloat16Element.Load(from + i));
        var rest = (int)(count - i);
        Tail<Float32Element, float>.Store(to + i, Tail<Bfloat16Element, ushort>.Load(from + i, rest), rest);
    }

    /// <summary>float32 to the nearest bfloat16, ties to even; what is too large becomes infinite, and NaN stays NaN.</summary>
    [MethodImpl(Lanes.Fast)]
    public static void Narrow(float* from, ushort* to, long count)
    {
        long i = 0;
        for (; i + Lanes.Width <= count; i += Lanes.Width) Bfloat16Element.Store(to + i, Float32Element.Load(from + i));
        var rest = (int)(count - i);
        Tail<Bfloat16Element, ushort>.Store(to + i, Tail<Float32Element, float>.Load(from + i, rest), rest);
    }

    /// <summary>x += delta: the residual stream stays float32 where products are bfloat16.</summary>
    [MethodImpl(Lanes.Fast)]
    public static void AddTo(float* x, ushort* delta, long count)
    {
        long i = 0;
        for (; i + Lanes.Width <= count; i += Lanes.Width) Float32Element.Store(x + i, Float32Element.Load(x + i) + Bfloat16Element.Load(delta + i));
        var rest = (int)(count - i);
        Tail<Float32Element, float>.Store(x + i, Tail<Float32Element, float>.Load(x + i, rest) + Tail<Bfloat16Element, ushort>.Load(delta + i, rest), rest);
    }
}
