using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Eckart.Engine.Kernels;

/// <summary>The two numbers from which the logarithm of a sum of exponentials follows, for a block of the vocabulary at a time.</summary>
internal static unsafe class LogSumExp
{
    /// <summary>The maximum of each row and the sum of exp(z − maximum): log Σ exp(z) is maximum + log(sum), and blocks can be merged.</summary>
    /// <param name="logits">(rows, columns), <paramref name="stride"/> floats from row to row.</param>
    /// <param name="stride">Row stride.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns, at least 1.</param>
    /// <param name="maxima">(rows), overwritten.</param>
    /// <param name="sums">(rows), overwritten: at least 1, or NaN where a logit is NaN.</param>
    public static void Block(float* logits, nint stride, int rows, int columns, float* maxima, float* sums)
    {
        for (var row = 0; row < rows; row++, logits += stride)
        {
            maxima[row] = Maximum(logits, columns);
            sums[row] = Sum(logits, columns, maxima[row]);
        }
    }

    [MethodImpl(Lanes.Fast)]
    private static float Maximum(float* logits, int columns)
    {
        var largest = Vector512.Create(logits[0]);
        var i = 0;
        for (; i + Lanes.Width <= columns; i += Lanes.Width) largest = Vector512.MaxNative(largest, Vector512.Load(logits + i));
        var maximum = RowSoftmax.Largest(largest);
        for (; i < columns; i++) maximum = Math.Max(maximum, logits[i]);
        return maximum;
    }

    [MethodImpl(Lanes.Fast)]
    private static float Sum(float* logits, int columns, float maximum)
    {
        var (shift, sum) = (Vector512.Create(maximum), Vector512<float>.Zero);
        var i = 0;
        for (; i + Lanes.Width <= columns; i += Lanes.Width) sum += Exponential.Of(Vector512.Load(logits + i) - shift);
        if (i == columns) return Vector512.Sum(sum);
        var last = Exponential.Of(Tail<Float32Element, float>.Load(logits + i, columns - i) - shift);
        return Vector512.Sum(sum + Vector512.ConditionalSelect(new ColumnRange(0, columns).Mask(i), last, Vector512<float>.Zero));
    }
}
