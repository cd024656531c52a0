using System.Numerics;

namespace Eckart.Training.Kernels;

/// <summary>Sums of rows with factors.</summary>
internal static class RowBlend
{
    /// <summary>to += factor · from.</summary>
    /// <param name="factor">Of every number.</param>
    /// <param name="from">A row.</param>
    /// <param name="to">A row as long; added to.</param>
    public static void Add(float factor, ReadOnlySpan<float> from, Span<float> to)
    {
        var (factors, i) = (new Vector<float>(factor), 0);
        for (; i + Vector<float>.Count <= to.Length; i += Vector<float>.Count) (new Vector<float>(to[i..]) + (factors * new Vector<float>(from[i..]))).CopyTo(to[i..]);
        for (; i < to.Length; i++) to[i] += factor * from[i];
    }

    /// <summary>Σ left · right.</summary>
    /// <param name="left">A row.</param>
    /// <param name="right">A row as long.</param>
    public static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var (sums, i) = (Vector<float>.Zero, 0);
        for (; i + Vector<float>.Count <= left.Length; i += Vector<float>.Count) sums += new Vector<float>(left[i..]) * new Vector<float>(right[i..]);
        var sum = Vector.Sum(sums);
        for (; i < left.Length; i++) sum += left[i] * right[i];
        return sum;
    }
}
