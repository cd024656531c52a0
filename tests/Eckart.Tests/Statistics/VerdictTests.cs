using Eckart.Statistics;

namespace Eckart.Tests.Statistics;

public sealed class VerdictTests
{
    [Theory]
    [InlineData(56, 4, 2, "no significant change")]
    [InlineData(56, 5, 0, "no significant change")]
    [InlineData(56, 6, 0, "significant gain")]
    [InlineData(56, 0, 6, "significant loss")]
    [InlineData(2000, 120, 80, "significant gain")]
    [InlineData(5, 5, 0, "too few items to tell")]
    [InlineData(6, 6, 0, "significant gain")]
    public void Words_follow_the_p_value(int n, int gained, int lost, string expected)
    {
        Assert.Equal(expected, Verdict.Of(chosen: true, new PairedComparison(n, gained, lost), alpha: 0.05));
    }

    [Fact]
    public void A_p_value_of_exactly_alpha_is_significant()
    {
        Assert.Equal("significant gain", Verdict.Of(chosen: true, new PairedComparison(100, 5, 0), alpha: 0.0625));
    }

    [Theory]
    [InlineData(0.01, "significant gain")]
    [InlineData(0, "significant gain, but no more than a bias or a scale on the labels gives")]
    [InlineData(-0.05, "significant gain, but no more than a bias or a scale on the labels gives")]
    public void A_gain_must_go_beyond_the_control(double low, string expected)
    {
        Assert.Equal(expected, Verdict.Of(chosen: true, new PairedComparison(100, 20, 3), alpha: 0.05, new Interval(low, 0.3)));
    }

    [Fact]
    public void Nothing_chosen_is_said_first()
    {
        Assert.Equal("unchanged: no rate did better on validation", Verdict.Of(chosen: false, new PairedComparison(3, 0, 0), alpha: 0.05));
    }

    [Fact]
    public void A_level_outside_0_and_1_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Verdict.Of(chosen: true, new PairedComparison(3, 0, 0), alpha: 1));
    }
}
