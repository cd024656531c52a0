using CsCheck;
using Eckart.Statistics;

namespace Eckart.Tests.Statistics;

public sealed class HolmTests
{
    [Fact]
    public void Adjusted_values_are_those_of_statsmodels()
    {
        var golden = StatisticsGolden.Read("holm");

        var adjusted = Holm.Adjust(golden.GetProperty("p").Numbers());

        foreach (var (expected, actual) in golden.GetProperty("adjusted").Numbers().Zip(adjusted)) StatisticsGolden.Close(expected, actual);
    }

    [Fact]
    public void Adjusting_never_lowers_a_value_nor_changes_the_order()
    {
        Gen.Double[0, 1].Array[1, 12].Sample(pValues =>
        {
            var adjusted = Holm.Adjust(pValues);

            for (var i = 0; i < pValues.Length; i++)
            {
                Assert.InRange(adjusted[i], pValues[i], 1);
                for (var j = 0; j < pValues.Length; j++)
                    if (pValues[i] <= pValues[j]) Assert.True(adjusted[i] <= adjusted[j]);
            }
        }, iter: 200);
    }

    [Fact]
    public void One_hypothesis_needs_no_correction_and_none_is_fine()
    {
        Assert.Equal([0.03], Holm.Adjust([0.03]));
        Assert.Empty(Holm.Adjust([]));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    public void What_is_no_probability_is_refused(double p)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Holm.Adjust([0.5, p]));
    }
}
