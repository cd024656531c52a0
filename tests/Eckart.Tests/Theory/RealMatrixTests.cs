using Eckart.Statistics;
using Eckart.Tests.Support;
using Eckart.Theory;

namespace Eckart.Tests.Theory;

public sealed class RealMatrixTests
{
    private static readonly RealMatrix Two = RealMatrix.OfRows([1, 2, 3], [4, 5, 6]);

    [Fact]
    public void Products_are_those_of_the_definition()
    {
        var right = RealMatrix.OfRows([1, 0], [2, -1], [0, 3]);

        Assert.Equal([5, 7, 14, 13], (Two * right).Values.ToArray());
        Assert.Equal([14, 32], Two.Times([1, 2, 3]));
        Assert.Equal([3, 6, 4, 8], RealMatrix.Outer([1, 4], [3, 6]).Values.ToArray().Select((value, i) => i < 2 ? value : value / 3).ToArray());
        Assert.Equal(91, Two.SquaredNorm);
        Assert.Equal(6, Two.Trace);
        Assert.Equal([1, 4, 2, 5, 3, 6], Two.Transposed.Values.ToArray());
    }

    [Fact]
    public void Wide_products_equal_narrow_ones()
    {
        var (left, right) = (RealMatrix.Normal(new SplitMix64(1), 7, 9), RealMatrix.Normal(new SplitMix64(2), 9, 21));

        var product = left * right;

        for (var i = 0; i < 7; i++)
            for (var j = 0; j < 21; j++) Assert.Equal(Enumerable.Range(0, 9).Sum(k => left[i, k] * right[k, j]), product[i, j], 1e-13);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        Refused.With(() => _ = Two * Two, "matrix product", "expected 3 rows on the right, found 2", "give shapes that fit");
        Refused.With(() => _ = Two + Two.Transposed, "expected 2 rows, found 3");
        Refused.With(() => Two.Times([1, 2]), "expected 3 numbers, found 2");
        Refused.With(() => RealMatrix.Of(2, 2, [1, 2, 3]), "expected 2 × 2 numbers", "found 3");
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    public void What_is_no_number_is_refused_with_its_place(double value, string text) =>
        Refused.With(() => RealMatrix.OfRows([1, 2], [3, value]), "matrix, row 1, column 1", $"found {text}");
}
