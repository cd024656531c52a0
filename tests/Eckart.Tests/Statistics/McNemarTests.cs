using CsCheck;
using Eckart.Statistics;

namespace Eckart.Tests.Statistics;

public sealed class McNemarTests
{
    [Fact]
    public void P_values_are_those_of_SciPy()
    {
        foreach (var entry in StatisticsGolden.Read("mcnemar_exact").EnumerateArray())
            StatisticsGolden.Close(entry.Number("p_value"), McNemar.Exact(entry.Integer("gained"), entry.Integer("lost")));
    }

    [Fact]
    public void Only_the_answers_that_differ_count_and_direction_does_not()
    {
        Gen.Select(Gen.Int[0, 300], Gen.Int[0, 300]).Sample((gained, lost) =>
        {
            var p = McNemar.Exact(gained, lost);

            Assert.InRange(p, 0, 1);
            Assert.Equal(p, McNemar.Exact(lost, gained));
        }, iter: 200);
    }

    [Fact]
    public void All_gained_has_the_probability_of_that_many_heads_or_tails()
    {
        Assert.Equal(Math.ScaleB(1, 1 - 500), McNemar.Exact(500, 0));
        Assert.Equal(0, McNemar.Exact(5000, 0));   // 2^-4999 is below every double
    }

    [Fact]
    public void Counts_next_to_each_other_in_the_middle_give_one()
    {
        Assert.Equal(1, McNemar.Exact(3, 4), 1e-15);
        Assert.Equal(1, McNemar.Exact(10000, 10001), 1e-15);
    }

    [Fact]
    public void A_negative_count_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => McNemar.Exact(-1, 3));
    }
}
