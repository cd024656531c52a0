using Eckart.Engine.Kernels;

namespace Eckart.Tests.Engine.Kernels;

public sealed unsafe class SmallProductTests
{
    private delegate void Product(float* a, nint lda, float* b, nint ldb, float* c, nint ldc, int rows, int inner, int columns, bool accumulate);

    public static TheoryData<int, int, int> Sizes() => new(
        from rows in new[] { 1, 5, 6, 7, 48 }
        from inner in new[] { 1, 7, 64, 97, 400 }
        from columns in new[] { 16, 32, 48, 64, 80, 96, 112, 208 }
        select (rows, inner, columns));

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Equals_the_plain_loop_in_double(int rows, int inner, int columns) => Check(SmallProduct.Multiply, rows, inner, columns);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Short_tiles_equal_the_plain_loop_too(int rows, int inner, int columns) => Check(SmallProduct.MultiplyShort, rows, inner, columns);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void No_inner_dimension_gives_zeros_or_leaves_the_sum(bool accumulate)
    {
        using var c = GuardedRows.Random(6, 112, 112, seed: 3);
        var before = c[5, 111];

        SmallProduct.Multiply(null, 0, null, 0, c.Start, 112, 6, 0, 112, accumulate);

        Assert.Equal(accumulate ? before : 0, c[5, 111]);
        c.AssertGuardsAreWhole();
    }

    private static void Check(Product multiply, int rows, int inner, int columns)
    {
        var tiled = (rows + SmallProduct.RowTile - 1) / SmallProduct.RowTile * SmallProduct.RowTile;
        using var a = GuardedRows.Random(rows, inner, inner + 3, seed: 1);
        using var roomForA = new GuardedRows<float>(tiled, inner + 3, inner + 3);
        for (var row = 0; row < rows; row++) a.Row(row).CopyTo(roomForA.Row(row));
        using var b = GuardedRows.Random(inner, columns, columns + 5, seed: 2);
        using var c = GuardedRows.Random(tiled, columns, columns + 7, seed: 3);
        using var before = GuardedRows.Random(tiled, columns, columns + 7, seed: 3);

        foreach (var accumulate in new[] { false, true })
        {
            for (var row = 0; row < tiled; row++) before.Row(row).CopyTo(c.Row(row));

            multiply(roomForA.Start, inner + 3, b.Start, columns + 5, c.Start, columns + 7, rows, inner, columns, accumulate);

            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < columns; column++) Compare(a, b, c, row, column, inner, accumulate ? before[row, column] : 0);
            }

            c.AssertGuardsAreWhole();
        }
    }

    // Rounding once a step leaves at most this: n·2⁻²⁴ of what is added up, signs aside.
    private static void Compare(GuardedRows<float> a, GuardedRows<float> b, GuardedRows<float> c, int row, int column, int inner, double start)
    {
        var (sum, size) = (start, Math.Abs(start));
        for (var i = 0; i < inner; i++)
        {
            sum += (double)a[row, i] * b[i, column];
            size += Math.Abs((double)a[row, i] * b[i, column]);
        }

        Assert.Equal(sum, c[row, column], (inner + 2) * Math.Pow(2, -24) * size);
    }
}
