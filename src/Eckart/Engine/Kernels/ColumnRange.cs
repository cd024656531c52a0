using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Eckart.Engine.Kernels;

/// <summary>Columns <paramref name="From"/> … <paramref name="To"/> − 1.</summary>
/// <param name="From">The first.</param>
/// <param name="To">The one after the last, at least <paramref name="From"/>.</param>
internal readonly record struct ColumnRange(int From, int To)
{
    /// <summary>How many.</summary>
    public int Count => To - From;

    /// <summary>Whether all of the 16 columns from <paramref name="column"/> on are in it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Covers(int column) => From <= column && column + Lanes.Width <= To;

    /// <summary>Which of the 16 columns from <paramref name="column"/> on are in it: all bits set, or none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Mask(int column)
    {
        var columns = Vector512<int>.Indices + Vector512.Create(column);
        return (Vector512.GreaterThanOrEqual(columns, Vector512.Create(From)) & Vector512.LessThan(columns, Vector512.Create(To))).AsSingle();
    }
}
