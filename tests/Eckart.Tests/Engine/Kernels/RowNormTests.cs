using Eckart.Engine.Kernels;

namespace Eckart.Tests.Engine.Kernels;

public sealed unsafe class RowNormTests
{
    private const int Rows = 3;
    private const float Epsilon = 1e-5f;

    public static TheoryData<int> Sizes() => new(1, 5, 15, 16, 17, 31, 32, 33, 47, 63, 64, 65, 100, 576);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Root_mean_square_equals_the_plain_loop_in_double(int size)
    {
        using var x = GuardedRows.Random(Rows, size, size, seed: 1);
        using var weight = GuardedRows.Random(1, size, size, seed: 2);
        using var y = new GuardedRows<float>(Rows, size, size);
        using var narrow = new GuardedRows<ushort>(Rows, size, size);

        RowNorm.RootMeanSquare(x.Start, weight.Start, y.Start, Rows, size, Epsilon);
        RowNorm.RootMeanSquare(x.Start, weight.Start, narrow.Start, Rows, size, Epsilon);

        for (var row = 0; row < Rows; row++)
        {
            var scale = 1 / Math.Sqrt(Mean(x, row, size, value => value * value) + Epsilon);
            for (var i = 0; i < size; i++) Close(x[row, i] * scale * weight[0, i], y[row, i], narrow[row, i]);
        }

        y.AssertGuardsAreWhole();
        narrow.AssertGuardsAreWhole();
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Layer_equals_the_plain_loop_in_double(int size)
    {
        // A mean far from zero: the variance must come from the differences, not from the squares.
        using var x = GuardedRows.Random(Rows, size, size, seed: 1);
        for (var row = 0; row < Rows; row++) x.Row(row)[0] += 30;
        using var weight = GuardedRows.Random(1, size, size, seed: 2);
        using var bias = GuardedRows.Random(1, size, size, seed: 3);
        using var y = new GuardedRows<float>(Rows, size, size);
        using var narrow = new GuardedRows<ushort>(Rows, size, size);

        foreach (var added in new[] { null, bias })
        {
            RowNorm.Layer(x.Start, weight.Start, added == null ? null : added.Start, y.Start, Rows, size, Epsilon);
            RowNorm.Layer(x.Start, weight.Start, added == null ? null : added.Start, narrow.Start, Rows, size, Epsilon);

            for (var row = 0; row < Rows; row++)
            {
                var mean = Mean(x, row, size, value => value);
                var scale = 1 / Math.Sqrt(Mean(x, row, size, value => (value - mean) * (value - mean)) + Epsilon);
                for (var i = 0; i < size; i++) Close(((x[row, i] - mean) * scale * weight[0, i]) + (added?[0, i] ?? 0), y[row, i], narrow[row, i]);
            }
        }

        y.AssertGuardsAreWhole();
        narrow.AssertGuardsAreWhole();
    }

    [Fact]
    public void The_result_may_take_the_inputs_place()
    {
        using var x = GuardedRows.Random(Rows, 100, 100, seed: 1);
        using var weight = GuardedRows.Random(1, 100, 100, seed: 2);
        using var y = new GuardedRows<float>(Rows, 100, 100);

        RowNorm.RootMeanSquare(x.Start, weight.Start, y.Start, Rows, 100, Epsilon);
        RowNorm.RootMeanSquare(x.Start, weight.Start, x.Start, Rows, 100, Epsilon);

        Assert.Equal(y.Bytes(), x.Bytes());
    }

    private static double Mean(GuardedRows<float> x, int row, int size, Func<double, double> value) => x.Row(row).ToArray().Sum(number => value(number)) / size;

    private static void Close(double expected, float found, ushort foundNarrow)
    {
        Assert.Equal(expected, found, 1e-6 * (1 + Math.Abs(expected)));
        Assert.Equal(found, BitConverter.UInt32BitsToSingle((uint)foundNarrow << 16), Math.Abs(found) / 256);
    }
}
