using Eckart.Statistics;

namespace Eckart.Tests.Statistics;

public sealed class MeanBootstrapTests
{
    [Fact]
    public void Gains_and_losses_as_numbers_have_the_interval_of_the_paired_bootstrap()
    {
        var expected = PairedBootstrap.Of(new PairedComparison(50, 12, 5), 0.05, seed: 3);

        // In the order that the paired bootstrap counts items in.
        double[] values = [.. Enumerable.Repeat(1.0, 12), .. Enumerable.Repeat(-1.0, 5), .. Enumerable.Repeat(0.0, 33)];
        var interval = MeanBootstrap.Of(values, 1, seed: 3).Interval(0, 0.05);

        Assert.Equal(expected.Low, interval.Low, 1e-12);
        Assert.Equal(expected.High, interval.High, 1e-12);
    }

    [Fact]
    public void Columns_do_not_change_one_another()
    {
        double[] first = [1, 5, 2, 8, 3], second = [0.5, 0.25, 4, 1, 9];
        var both = MeanBootstrap.Of([.. first.Zip(second).SelectMany(pair => new[] { pair.First, pair.Second })], 2);

        Assert.Equal(MeanBootstrap.Of(first, 1).Interval(0, 0.1), both.Interval(0, 0.1));
        Assert.Equal(MeanBootstrap.Of(second, 1).Interval(0, 0.1), both.Interval(1, 0.1));
    }

    [Fact]
    public void The_interval_of_many_numbers_is_that_of_the_normal_distribution()
    {
        var random = new SplitMix64(1);
        double[] values = [.. Enumerable.Range(0, 2000).Select(_ => random.Normal())];

        var interval = MeanBootstrap.Of(values, 1).Interval(0, 0.05);

        Assert.InRange(interval.High - interval.Low, 2 * 1.96 / Math.Sqrt(2000) * 0.93, 2 * 1.96 / Math.Sqrt(2000) * 1.07);
        Assert.InRange(values.Average(), interval.Low, interval.High);
    }

    [Fact]
    public void Numbers_that_do_not_fill_rows_are_refused()
    {
        Assert.Throws<ArgumentException>(() => MeanBootstrap.Of([1, 2, 3], 2));
        Assert.Throws<ArgumentException>(() => MeanBootstrap.Of([], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => MeanBootstrap.Of([1, 2], 1).Interval(0, 1));
    }
}
