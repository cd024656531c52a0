using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Eckart.Engine.Kernels;

namespace Eckart.Training.Kernels;

/// <summary>Sums over rows.</summary>
internal static unsafe class RowSum
{
    /// <summary>sum += each row in turn.</summary>
    /// <param name="from">(rows, columns), contiguous.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="sum">(columns); added to.</param>
    [MethodImpl(Lanes.Fast)]
    public static void Add(float* from, int rows, int columns, float* sum)
    {
        for (var row = 0; row < rows; row++, from += columns)
        {
            var i = 0;
            for (; i + Lanes.Width <= columns; i += Lanes.Width) (Vector512.Load(sum + i) + Vector512.Load(from + i)).Store(sum + i);
            for (; i < columns; i++) sum[i] += from[i];
        }
    }
}
