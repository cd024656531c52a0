using Eckart.Statistics;

namespace Eckart.Tests.Statistics;

public sealed class MajorityRateTests
{
    [Fact]
    public void The_commonest_class_over_all_items()
    {
        Assert.Equal(4.0 / 7, MajorityRate.Of([2, 0, 2, 1, 2, 2, 0]));
    }

    [Fact]
    public void No_items_are_refused()
    {
        Assert.Throws<ArgumentException>(() => MajorityRate.Of([]));
    }
}
