using Eckart.Engine.Kernels;

namespace Eckart.Tests.Engine.Kernels;

public sealed unsafe class LogSumExpTests
{
    private const int Rows = 4;

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(33)]
    [InlineData(100)]
    [InlineData(1024)]
    public void Gives_the_maximum_and_the_sum_of_each_row(int columns)
    {
        var random = new Random(1);
        using var logits = new GuardedRows<float>(Rows, columns, columns + 3).Filled((_, _) => (random.NextSingle() * 60) - 50);
        using var maxima = new GuardedRows<float>(1, Rows, Rows);
        using var sums = new GuardedRows<float>(1, Rows, Rows);

        LogSumExp.Block(logits.Start, columns + 3, Rows, columns, maxima.Start, sums.Start);

        for (var row = 0; row < Rows; row++)
        {
            var numbers = logits.Row(row).ToArray();
            Assert.Equal(numbers.Max(), maxima[0, row]);
            var expected = numbers.Sum(number => Math.Exp((double)number - numbers.Max()));
            Assert.Equal(expected, sums[0, row], 1e-6 * expected);
        }

        maxima.AssertGuardsAreWhole();
        sums.AssertGuardsAreWhole();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(18)]
    public void A_NaN_shows_in_the_sum(int place)
    {
        using var logits = GuardedRows.Random(1, 20, 20, seed: 1);
        logits[0, place] = float.NaN;
        float maximum, sum;

        LogSumExp.Block(logits.Start, 20, 1, 20, &maximum, &sum);

        Assert.Equal(float.NaN, sum);
    }
}
