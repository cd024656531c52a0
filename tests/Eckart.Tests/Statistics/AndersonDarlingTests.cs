using Eckart.Statistics;

namespace Eckart.Tests.Statistics;

public sealed class AndersonDarlingTests
{
    // −1 − log Φ(0) − log(1 − Φ(0)) = 2·log 2 − 1.
    [Fact]
    public void One_number_in_the_middle_has_the_least_statistic() => Assert.Equal((2 * Math.Log(2)) - 1, AndersonDarling.Statistic([0]), 1e-14);

    // By the definition's integral, n·∫(F_n − Φ)²/(Φ(1 − Φ)) dΦ, which the sum is a closed form of.
    [Theory]
    [InlineData(-0.3)]
    [InlineData(-1.5, 0.2, 0.9)]
    [InlineData(-2.2, -1.0, -0.1, 0.3, 1.7)]
    public void It_is_the_weighted_distance_of_the_distributions(params double[] sample)
    {
        const int steps = 400_000;
        double[] places = [.. sample.Select(z => Math.Exp(NormalDistribution.LogLowerTail(z)))];
        var integral = 0.0;
        for (var i = 0; i < steps; i++)
        {
            var u = (i + 0.5) / steps;
            var share = places.Count(place => place <= u) / (double)sample.Length;
            integral += (share - u) * (share - u) / (u * (1 - u)) / steps;
        }

        Assert.Equal(sample.Length * integral, AndersonDarling.Statistic(sample), 1e-4);
    }

    [Fact]
    public void One_normal_sample_in_a_hundred_is_rejected()
    {
        var random = new SplitMix64(7);

        var rejected = Enumerable.Range(0, 5000).Count(_ => AndersonDarling.Statistic([.. Enumerable.Range(0, 100).Select(_ => random.Normal())]) > AndersonDarling.OnePercent);

        Assert.InRange(rejected, 32, 68);       // 50 and two and a half standard deviations
    }

    [Fact]
    public void No_numbers_are_refused() => Assert.Throws<ArgumentException>(() => AndersonDarling.Statistic([]));

    // Abramowitz and Stegun, table 26.1 and 26.2.
    [Theory]
    [InlineData(0, -0.6931471805599453)]
    [InlineData(-1.96, -3.688962)]
    [InlineData(1, -0.172753779)]
    [InlineData(-10, -53.231285)]
    public void Tails_are_those_of_the_tables(double z, double expected) => Assert.Equal(expected, NormalDistribution.LogLowerTail(z), 2e-6);
}
