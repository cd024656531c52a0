using CsCheck;
using Eckart.Statistics;

namespace Eckart.Tests.Statistics;

public sealed class RankCorrelationTests
{
    [Theory]
    [InlineData(1, new double[] { 1, 2, 3, 4 }, new double[] { 10, 20, 300, 4000 })]
    [InlineData(-1, new double[] { 1, 2, 3 }, new double[] { 3, 2, 1 })]
    [InlineData(0.8, new double[] { 1, 2, 3, 4, 5 }, new double[] { 2, 1, 4, 3, 5 })]        // 1 − 6·4/(5·24)
    [InlineData(0.9486832980505138, new double[] { 1, 2, 3, 4 }, new double[] { 1, 2, 2, 3 })]      // √0.9: Pearson's of 0, 1, 2, 3 and 0, 1.5, 1.5, 3
    public void It_is_the_correlation_of_ranks(double expected, double[] left, double[] right) => Assert.Equal(expected, RankCorrelation.Spearman(left, right), 1e-14);

    // Spearman's own formula, which needs ranks without ties.
    [Fact]
    public void Without_ties_it_is_one_less_the_squared_differences() => Gen.Select(Gen.Int[2, 12], Gen.ULong).Sample((count, seed) =>
    {
        int[] ranks = [.. Enumerable.Range(0, count)];
        new SplitMix64(seed).Shuffle<int>(ranks);
        double[] left = [.. Enumerable.Range(0, count).Select(i => Math.Exp(i))], right = [.. ranks.Select(rank => 3.0 * rank)];
        var squares = ranks.Select((rank, i) => (double)(rank - i) * (rank - i)).Sum();

        Assert.Equal(1 - (6 * squares / (count * ((double)count * count - 1))), RankCorrelation.Spearman(left, right), 1e-12);
    });

    [Fact]
    public void Equal_numbers_say_nothing() => Assert.True(double.IsNaN(RankCorrelation.Spearman([1, 1, 1], [1, 2, 3])));

    [Fact]
    public void Lists_of_different_lengths_are_refused() => Assert.Throws<ArgumentException>(() => RankCorrelation.Spearman([1, 2], [1, 2, 3]));
}
