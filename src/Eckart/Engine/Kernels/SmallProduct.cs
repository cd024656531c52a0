using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Eckart.Engine.Kernels;

/// <summary>Products of matrices that fit into a core's caches, without packing or threads.</summary>
internal static unsafe class SmallProduct
{
    /// <summary>Rows that are computed together: A and C need room for their rows rounded up to a multiple of it.</summary>
    public const int RowTile = 6;

    /// <summary>C[rows × columns] (+)= A[rows × inner] · B[inner × columns], all row-major with strides in floats.</summary>
    /// <param name="a">A. Rows between <paramref name="rows"/> and the next multiple of <see cref="RowTile"/> are read too; what they hold touches no other row.</param>
    /// <param name="lda">Row stride of A.</param>
    /// <param name="b">B.</param>
    /// <param name="ldb">Row stride of B.</param>
    /// <param name="c">C. The rows up to the next multiple of <see cref="RowTile"/> are overwritten too.</param>
    /// <param name="ldc">Row stride of C.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="inner">Columns of A, rows of B; 0 gives zeros, or leaves C as it is.</param>
    /// <param name="columns">Columns of B and C, a multiple of <see cref="Lanes.Width"/>.</param>
    /// <param name="accumulate">Whether to add to C, which otherwise is only written.</param>
    public static void Multiply(float* a, nint lda, float* b, nint ldb, float* c, nint ldc, int rows, int inner, int columns, bool accumulate)
    {
        if (Vector512.IsHardwareAccelerated) MultiplyWide(a, lda, b, ldb, c, ldc, rows, inner, columns, accumulate);
        else MultiplyShort(a, lda, b, ldb, c, ldc, rows, inner, columns, accumulate);
    }

    /// <summary>C[rows × columns] (+)= A[inner × rows]ᵀ · B[inner × columns]: A is read column by column where it lies, and need not be turned over.</summary>
    /// <param name="a">A. Columns between <paramref name="rows"/> and the next multiple of <see cref="RowTile"/> are read too, whatever lies there.</param>
    /// <param name="lda">Row stride of A.</param>
    /// <param name="b">As for <see cref="Multiply"/>, and so are the others.</param>
    /// <param name="ldb">Row stride of B.</param>
    /// <param name="c">C. The rows up to the next multiple of <see cref="RowTile"/> are overwritten too.</param>
    /// <param name="ldc">Row stride of C.</param>
    /// <param name="rows">Columns of A, rows of C.</param>
    /// <param name="inner">Rows of A and B.</param>
    /// <param name="columns">Columns of B and C, a multiple of <see cref="Lanes.Width"/>.</param>
    /// <param name="accumulate">Whether to add to C.</param>
    public static void MultiplyTurned(float* a, nint lda, float* b, nint ldb, float* c, nint ldc, int rows, int inner, int columns, bool accumulate)
    {
        if (Vector512.IsHardwareAccelerated) Wide(a, 1, lda, b, ldb, c, ldc, rows, inner, columns, accumulate);
        else Short(a, 1, lda, b, ldb, c, ldc, rows, inner, columns, accumulate);
    }

    /// <summary><see cref="Multiply"/> by tiles of 6 × 64, for 32 registers of 16 floats.</summary>
    public static void MultiplyWide(float* a, nint lda, float* b, nint ldb, float* c, nint ldc, int rows, int inner, int columns, bool accumulate) =>
        Wide(a, lda, 1, b, ldb, c, ldc, rows, inner, columns, accumulate);

    /// <summary><see cref="Multiply"/> by tiles of 6 × 16, for 16 registers of 8 floats.</summary>
    public static void MultiplyShort(float* a, nint lda, float* b, nint ldb, float* c, nint ldc, int rows, int inner, int columns, bool accumulate) =>
        Short(a, lda, 1, b, ldb, c, ldc, rows, inner, columns, accumulate);

    private static void Wide(float* a, nint lda, nint step, float* b, nint ldb, float* c, nint ldc, int rows, int inner, int columns, bool accumulate)
    {
        var done = 0;
        for (; done + 64 <= columns; done += 64) Panel<Row64>(a, lda, step, b + done, ldb, c + done, ldc, rows, inner, accumulate);
        if (done + 32 <= columns)
        {
            Panel<Row32>(a, lda, step, b + done, ldb, c + done, ldc, rows, inner, accumulate);
            done += 32;
        }

        if (done < columns) Panel<Row16>(a, lda, step, b + done, ldb, c + done, ldc, rows, inner, accumulate);
    }

    private static void Short(float* a, nint lda, nint step, float* b, nint ldb, float* c, nint ldc, int rows, int inner, int columns, bool accumulate)
    {
        for (var done = 0; done < columns; done += 16) Panel<ShortRow16>(a, lda, step, b + done, ldb, c + done, ldc, rows, inner, accumulate);
    }

    // One tile's width of B stays in the first-level cache while all rows of A go by; a taller B is taken in pieces that fit.
    [MethodImpl(Lanes.Fast)]
    private static void Panel<TRow>(float* a, nint lda, nint step, float* b, nint ldb, float* c, nint ldc, int rows, int inner, bool accumulate)
        where TRow : unmanaged, ITileRow<TRow>
    {
        const int PanelFloats = 6144;
        var depth = PanelFloats / TRow.Width;
        var done = 0;
        do
        {
            var deep = Math.Min(depth, inner - done);
            for (var row = 0; row < rows; row += RowTile)
                ProductTile.Multiply<TRow>(a + (row * lda) + (done * step), lda, step, b + (done * ldb), ldb, c + (row * ldc), ldc, deep, accumulate || done > 0);
            done += deep;
        }
        while (done < inner);
    }
}
