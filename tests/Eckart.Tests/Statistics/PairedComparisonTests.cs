using Eckart.Statistics;

namespace Eckart.Tests.Statistics;

public sealed class PairedComparisonTests
{
    [Fact]
    public void Counts_what_only_one_of_the_two_has_right()
    {
        var comparison = PairedComparison.Of(gold: [0, 1, 2, 0, 1], before: [0, 0, 0, 1, 1], after: [0, 1, 1, 0, 0]);

        Assert.Equal((5, 2, 1), (comparison.N, comparison.Gained, comparison.Lost));
        Assert.Equal(1.0 / 5, comparison.Difference, 1e-15);
        Assert.Equal(McNemar.Exact(2, 1), comparison.PValue);
    }

    [Fact]
    public void Lists_of_other_lengths_are_refused()
    {
        Assert.Throws<ArgumentException>(() => PairedComparison.Of([0, 1], [0], [0, 1]));
        Assert.Throws<ArgumentException>(() => PairedComparison.Of([0, 1], [0, 1], [0]));
        Assert.Throws<ArgumentException>(() => PairedComparison.Of([], [], []));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(5, 3, 3)]
    [InlineData(5, -1, 3)]
    public void Impossible_counts_are_refused(int n, int gained, int lost)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PairedComparison(n, gained, lost));
    }
}
