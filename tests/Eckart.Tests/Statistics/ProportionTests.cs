using Eckart.Statistics;

namespace Eckart.Tests.Statistics;

public sealed class ProportionTests
{
    [Fact]
    public void Wilson_intervals_are_those_of_statsmodels()
    {
        foreach (var entry in StatisticsGolden.Read("wilson_95").EnumerateArray())
        {
            var interval = new Proportion(entry.Integer("correct"), entry.Integer("n")).WilsonInterval(0.05);

            StatisticsGolden.Close(entry.Number("low"), interval.Low);
            StatisticsGolden.Close(entry.Number("high"), interval.High);
        }
    }

    [Theory]
    [InlineData(0.5, 0.67448975019608171)]
    [InlineData(0.05, 1.959963984540054)]
    [InlineData(0.01, 2.5758293035489004)]
    [InlineData(0.0027, 2.9999769927034015)]
    [InlineData(0.001, 3.2905267314918945)]
    [InlineData(1e-9, 6.1094102048693975)]
    public void The_quantile_behind_them_is_the_normal_one(double alpha, double expected)
    {
        // With n → ∞ and half right, the interval's half-width is z/2 · √(1/(n + z²)).
        var interval = new Proportion(1, 2).WilsonInterval(alpha);

        var half = (interval.High - interval.Low) / 2;
        var z = 2 * half * Math.Sqrt(2 / (1 - 4 * half * half));
        Assert.Equal(expected, z, 1e-9 * expected);
    }

    [Fact]
    public void A_share_divides_by_all_items()
    {
        Assert.Equal(32.0 / 56, new Proportion(32, 56).Value);
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(double.Epsilon)]
    [InlineData(0.999999999)]
    public void Any_level_gives_a_finite_interval_inside_0_and_1(double alpha)
    {
        var interval = new Proportion(3, 7).WilsonInterval(alpha);

        Assert.InRange(interval.Low, 0, 3.0 / 7);
        Assert.InRange(interval.High, 3.0 / 7, 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_level_outside_0_and_1_is_refused(double alpha)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Proportion(1, 2).WilsonInterval(alpha));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 5)]
    [InlineData(6, 5)]
    public void Impossible_counts_are_refused(int correct, int n)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Proportion(correct, n));
    }
}
