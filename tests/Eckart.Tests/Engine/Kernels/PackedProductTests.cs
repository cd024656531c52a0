using Eckart.Engine.Kernels;

namespace Eckart.Tests.Engine.Kernels;

public sealed unsafe class PackedProductTests
{
    public static TheoryData<int, int, int> Sizes() => new(
        from rows in new[] { 1, 5, 6, 7, 191, 192, 193, 200 }
        from inner in new[] { 1, 16, 97, 130 }
        from outputs in new[] { 1, 15, 16, 63, 64, 65, 80, 129 }
        select (rows, inner, outputs));

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Equals_the_plain_loop_in_double(int rows, int inner, int outputs)
    {
        using var x = GuardedRows.Random(rows, inner, inner + 3, seed: 1);
        using var w = GuardedRows.Random(outputs, inner, inner + 2, seed: 2);
        using var y = GuardedRows.Random(rows, outputs, outputs + 7, seed: 3);
        using var before = GuardedRows.Random(rows, outputs, outputs + 7, seed: 3);
        using var packed = Pack(w, outputs, inner);

        foreach (var accumulate in new[] { false, true })
        {
            for (var row = 0; row < rows; row++) before.Row(row).CopyTo(y.Row(row));

            Multiply(x, rows, packed, inner, 0, inner, outputs, y, accumulate);

            for (var row = 0; row < rows; row++)
            {
                for (var output = 0; output < outputs; output++) Compare(x, w, y, row, output, 0, inner, accumulate ? before[row, output] : 0);
            }

            y.AssertGuardsAreWhole();
        }
    }

    [Theory]
    [InlineData(0, 40)]
    [InlineData(17, 30)]
    [InlineData(96, 4)]
    public void Takes_some_of_the_columns(int first, int count)
    {
        const int Rows = 20, Inner = 100, Outputs = 70;
        using var x = GuardedRows.Random(Rows, count, count, seed: 1);
        using var w = GuardedRows.Random(Outputs, Inner, Inner, seed: 2);
        using var y = GuardedRows.Random(Rows, Outputs, Outputs, seed: 3);
        using var packed = Pack(w, Outputs, Inner);

        Multiply(x, Rows, packed, Inner, first, count, Outputs, y, accumulate: false);

        for (var row = 0; row < Rows; row++)
        {
            for (var output = 0; output < Outputs; output++) Compare(x, w, y, row, output, first, count, 0);
        }
    }

    [Fact]
    public void A_row_has_the_same_bits_whatever_rows_stand_beside_it()
    {
        const int Rows = 211, Inner = 300, Outputs = 128;
        using var x = GuardedRows.Random(Rows, Inner, Inner, seed: 1);
        using var w = GuardedRows.Random(Outputs, Inner, Inner, seed: 2);
        using var together = GuardedRows.Random(Rows, Outputs, Outputs, seed: 3);
        using var packed = Pack(w, Outputs, Inner);
        Multiply(x, Rows, packed, Inner, 0, Inner, Outputs, together, accumulate: false);

        foreach (var row in new[] { 0, 5, 6, 100, 190, 191, 192, 210 })
        {
            using var one = GuardedRows.Random(1, Inner, Inner, seed: 9);
            using var alone = GuardedRows.Random(1, Outputs, Outputs, seed: 9);
            x.Row(row).CopyTo(one.Row(0));
            Multiply(one, 1, packed, Inner, 0, Inner, Outputs, alone, accumulate: false);

            Assert.Equal(together.Row(row).ToArray().Select(BitConverter.SingleToInt32Bits), alone.Row(0).ToArray().Select(BitConverter.SingleToInt32Bits));
        }
    }

    private static GuardedRows<float> Pack(GuardedRows<float> w, int outputs, int inner)
    {
        var panels = PackedProduct.Panels(outputs);
        var packed = new GuardedRows<float>(panels * inner, PackedProduct.PanelWidth, PackedProduct.PanelWidth);
        for (var panel = 0; panel < panels; panel++) PackedProduct.Pack(w.Start, w.Stride, outputs, inner, panel, packed.Start);
        packed.AssertGuardsAreWhole();
        return packed;
    }

    private static void Multiply(GuardedRows<float> x, int rows, GuardedRows<float> packed, int inner, int first, int count, int outputs, GuardedRows<float> y, bool accumulate)
    {
        using var spare = new GuardedRows<float>(1, PackedProduct.SpareFloats(count), PackedProduct.SpareFloats(count));
        PackedProduct.Multiply(x.Start, x.Stride, rows, packed.Start, inner, first, count, outputs, y.Start, y.Stride, accumulate, spare.Start);
        spare.AssertGuardsAreWhole();
    }

    // Rounding once a step leaves at most this: n·2⁻²⁴ of what is added up, signs aside.
    private static void Compare(GuardedRows<float> x, GuardedRows<float> w, GuardedRows<float> y, int row, int output, int first, int count, double start)
    {
        var (sum, size) = (start, Math.Abs(start));
        for (var i = 0; i < count; i++)
        {
            sum += (double)x[row, i] * w[output, first + i];
            size += Math.Abs((double)x[row, i] * w[output, first + i]);
        }

        Assert.Equal(sum, y[row, output], (count + 2) * Math.Pow(2, -24) * size);
    }
}
