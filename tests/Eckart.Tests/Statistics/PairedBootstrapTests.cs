using Eckart.Statistics;

namespace Eckart.Tests.Statistics;

public sealed class PairedBootstrapTests
{
    [Fact]
    public void Equal_seeds_give_equal_intervals_and_others_do_not()
    {
        var comparison = new PairedComparison(997, 40, 31);

        Assert.Equal(PairedBootstrap.Of(comparison, 0.05, seed: 7), PairedBootstrap.Of(comparison, 0.05, seed: 7));
        Assert.NotEqual(PairedBootstrap.Of(comparison, 0.011, seed: 7, draws: 999), PairedBootstrap.Of(comparison, 0.011, seed: 8, draws: 999));
    }

    [Fact]
    public void An_interval_is_what_the_normal_approximation_says_of_many_items()
    {
        var comparison = new PairedComparison(1000, 120, 80);
        var deviation = Math.Sqrt((0.2 - 0.04 * 0.04) / 1000);

        var interval = PairedBootstrap.Of(comparison, 0.05);

        Assert.Equal(0.04 - 1.96 * deviation, interval.Low, 0.001);   // an item is 0.001
        Assert.Equal(0.04 + 1.96 * deviation, interval.High, 0.001);
    }

    [Fact]
    public void Gains_and_losses_swapped_mirror_the_interval()
    {
        var interval = PairedBootstrap.Of(new PairedComparison(400, 60, 20), 0.1);
        var mirrored = PairedBootstrap.Of(new PairedComparison(400, 20, 60), 0.1);

        Assert.Equal(interval.Low, -mirrored.High, 0.005);
        Assert.Equal(interval.High, -mirrored.Low, 0.005);
    }

    [Fact]
    public void Every_item_gained_leaves_no_doubt()
    {
        Assert.Equal(new Interval(1, 1), PairedBootstrap.Of(new PairedComparison(12, 12, 0), 0.05, draws: 50));
        Assert.Equal(new Interval(0, 0), PairedBootstrap.Of(new PairedComparison(12, 0, 0), 0.05, draws: 50));
    }

    [Fact]
    public void Its_stream_is_the_published_one()
    {
        // First outputs of the reference code for seed 1234567.
        var random = new SplitMix64(1234567);

        Assert.Equal([6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL], new[] { random.Next(), random.Next(), random.Next() });
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, 10)]
    [InlineData(0.05, 0)]
    public void A_level_outside_0_and_1_or_no_draws_are_refused(double alpha, int draws)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PairedBootstrap.Of(new PairedComparison(5, 1, 1), alpha, draws: draws));
    }
}
