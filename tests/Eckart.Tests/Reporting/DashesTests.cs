using Eckart.Reporting;

namespace Eckart.Tests.Reporting;

public sealed class DashesTests
{
    [Fact]
    public void Dashes_lie_on_the_line_with_gaps_between_them()
    {
        var (xs, ys) = Dashes.Along([0, 2, 3], [0, 4, 0], dash: 0.75, gap: 0.5);

        double[] expectedX = [0, 0.75, double.NaN, 1.25, 2, double.NaN, 2.5, 3, double.NaN];
        double[] expectedY = [0, 1.5, double.NaN, 2.5, 4, double.NaN, 2, 0, double.NaN];
        Assert.Equal(expectedX, xs);
        Assert.Equal(expectedY, ys);
    }

    [Fact]
    public void A_dash_bends_where_the_line_does()
    {
        var (xs, ys) = Dashes.Along([0, 1, 2], [0, 1, 0], dash: 2, gap: 1);

        Assert.Equal([0, 1, 2, double.NaN], xs);
        Assert.Equal([0, 1, 0, double.NaN], ys);
    }

    [Fact]
    public void No_line_has_no_dashes() => Assert.Empty(Dashes.Along([], [], 1, 1).Xs);
}
