using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector256<float>;

namespace Eckart.Engine.Kernels;

/// <summary>16 floats in two registers of 8: six such rows are 12 of the 16 registers that AVX2 has, and 24 of Arm's 32 shorter ones.</summary>
internal readonly unsafe struct ShortRow16(V a, V b) : ITileRow<ShortRow16>
{
    private readonly V a = a, b = b;

    public static int Width => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ShortRow16 Load(float* from) => new(Vector256.Load(from), Vector256.Load(from + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ShortRow16 MultiplyAdd(float factor, ShortRow16 row, ShortRow16 sum)
    {
        var f = Vector256.Create(factor);
        return new(Vector256.MultiplyAddEstimate(f, row.a, sum.a), Vector256.MultiplyAddEstimate(f, row.b, sum.b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to)
    {
        a.Store(to);
        b.Store(to + 8);
    }
}
