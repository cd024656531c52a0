using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Eckart.Engine.Kernels;

/// <summary>64 floats in four registers of 16: six such rows are 24 of the 32 registers that AVX-512 has.</summary>
internal readonly unsafe struct Row64(V a, V b, V c, V d) : ITileRow<Row64>
{
    private readonly V a = a, b = b, c = c, d = d;

    public static int Width => 64;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row64 Load(float* from) => new(Vector512.Load(from), Vector512.Load(from + 16), Vector512.Load(from + 32), Vector512.Load(from + 48));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row64 MultiplyAdd(float factor, Row64 row, Row64 sum)
    {
        var f = Vector512.Create(factor);
        return new(
            Vector512.MultiplyAddEstimate(f, row.a, sum.a),
            Vector512.MultiplyAddEstimate(f, row.b, sum.b),
            Vector512.MultiplyAddEstimate(f, row.c, sum.c),
            Vector512.MultiplyAddEstimate(f, row.d, sum.d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to)
    {
        a.Store(to);
        b.Store(to + 16);
        c.Store(to + 32);
        d.Store(to + 48);
    }
}

/// <summary>32 floats in two registers: what is left of a product's columns after rows of 64.</summary>
internal readonly unsafe struct Row32(V a, V b) : ITileRow<Row32>
{
    private readonly V a = a, b = b;

    public static int Width => 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row32 Load(float* from) => new(Vector512.Load(from), Vector512.Load(from + 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row32 MultiplyAdd(float factor, Row32 row, Row32 sum)
    {
        var f = Vector512.Create(factor);
        return new(Vector512.MultiplyAddEstimate(f, row.a, sum.a), Vector512.MultiplyAddEstimate(f, row.b, sum.b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to)
    {
        a.Store(to);
        b.Store(to + 16);
    }
}

/// <summary>16 floats in one register: what is left after rows of 32.</summary>
internal readonly unsafe struct Row16(V a) : ITileRow<Row16>
{
    private readonly V a = a;

    public static int Width => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row16 Load(float* from) => new(Vector512.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row16 MultiplyAdd(float factor, Row16 row, Row16 sum) => new(Vector512.MultiplyAddEstimate(Vector512.Create(factor), row.a, sum.a));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to) => a.Store(to);
}
