using System.Runtime.CompilerServices;

namespace Eckart.Engine.Kernels;

/// <summary>The innermost loop of every product: a tile of six rows of C stays in registers while the inner dimension runs by.</summary>
/// <remarks>Each step loads one row of B and six single numbers of A for 6 × width multiplications and additions, so that the arithmetic
/// units wait neither for loads nor for each other's results.</remarks>
internal static unsafe class ProductTile
{
    /// <summary>C[6 × width] (+)= A[6 × inner] · B[inner × width], B and C row-major.</summary>
    /// <param name="a">A's first element.</param>
    /// <param name="lda">Row stride of A.</param>
    /// <param name="step">Column stride of A: 1, or its row stride where A lies turned over and <paramref name="lda"/> is 1.</param>
    /// <param name="b">B's first element.</param>
    /// <param name="ldb">Row stride of B.</param>
    /// <param name="c">C's first element.</param>
    /// <param name="ldc">Row stride of C.</param>
    /// <param name="inner">Columns of A, rows of B.</param>
    /// <param name="accumulate">Whether to add to C, which otherwise is only written.</param>
    /// <typeparam name="TRow">The width.</typeparam>
    [MethodImpl(Lanes.Fast)]
    public static void Multiply<TRow>(float* a, nint lda, nint step, float* b, nint ldb, float* c, nint ldc, int inner, bool accumulate)
        where TRow : unmanaged, ITileRow<TRow>
    {
        TRow c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default;
        if (accumulate)
        {
            (c0, c1, c2) = (TRow.Load(c), TRow.Load(c + ldc), TRow.Load(c + (2 * ldc)));
            (c3, c4, c5) = (TRow.Load(c + (3 * ldc)), TRow.Load(c + (4 * ldc)), TRow.Load(c + (5 * ldc)));
        }

        // Two pointers into A reach six rows with the strides that an address can be made of: 0, 1 and 2 times lda.
        var upper = a;
        var lower = a + (3 * lda);
        for (var i = 0; i < inner; i++, upper += step, lower += step, b += ldb)
        {
            var row = TRow.Load(b);
            c0 = TRow.MultiplyAdd(upper[0], row, c0);
            c1 = TRow.MultiplyAdd(upper[lda], row, c1);
            c2 = TRow.MultiplyAdd(upper[2 * lda], row, c2);
            c3 = TRow.MultiplyAdd(lower[0], row, c3);
            c4 = TRow.MultiplyAdd(lower[lda], row, c4);
            c5 = TRow.MultiplyAdd(lower[2 * lda], row, c5);
        }

        c0.Store(c);
        c1.Store(c + ldc);
        c2.Store(c + (2 * ldc));
        c3.Store(c + (3 * ldc));
        c4.Store(c + (4 * ldc));
        c5.Store(c + (5 * ldc));
    }
}
