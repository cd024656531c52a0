using System.Globalization;
using System.Numerics;
using CsCheck;
using Eckart.Pruning;

namespace Eckart.Tests.Pruning;

public sealed class ClippingRateTests
{
    // ξ as a whole number over a power of ten.
    private static readonly Gen<(int Decimals, long Numerator)> Rates =
        from decimals in Gen.Int[1, 18] from numerator in Gen.Long[0, (long)BigInteger.Pow(10, decimals) - 1] select (decimals, numerator);

    [Theory]
    [InlineData("0.99", 1600, 4096, 16)]
    [InlineData("0.9", 1600, 1600, 160)]
    [InlineData("0.995", 192, 576, 1)]
    [InlineData("0.995", 576, 192, 1)]
    [InlineData("0.995", 400, 400, 2)]
    [InlineData("0.9", 576, 576, 57)]
    [InlineData("0.95", 576, 1536, 28)]
    [InlineData("0", 576, 1536, 576)]
    [InlineData("0.000000000000000001", 576, 576, 575)]
    [InlineData("0.999999999999999999", 1, 7, 1)]
    public void Kept_ranks_are_exact_and_at_least_one(string rate, long rows, long columns, int expected)
    {
        Assert.Equal(expected, Parse(rate).KeptRank(rows, columns));
    }

    [Fact]
    public void Doubles_would_lose_a_rank()
    {
        var one = 1.0;

        Assert.Equal(159, (int)(1600 * (one - 0.9)));
        Assert.Equal(160, Parse("0.9").KeptRank(1600, 1600));
    }

    [Fact]
    public void Kept_ranks_are_those_of_whole_number_arithmetic()
    {
        Gen.Select(Rates, Gen.Int[1, 100_000], Gen.Int[1, 100_000]).Sample((rate, rows, columns) =>
        {
            var scale = BigInteger.Pow(10, rate.Decimals);
            var expected = BigInteger.Max(1, (scale - rate.Numerator) * Math.Min(rows, columns) / scale);

            return RateOf(rate).KeptRank(rows, columns) == expected;
        });
    }

    [Theory]
    [InlineData("0.90", "0.9")]
    [InlineData("0.9", "0.9")]
    [InlineData(".995", "0.995")]
    [InlineData("0", "0")]
    [InlineData("0.000", "0")]
    [InlineData("0.100000000000000000", "0.1")]
    public void It_prints_its_shortest_form(string text, string expected)
    {
        Assert.Equal(expected, Parse(text).ToString());
        Assert.Equal(Parse(expected), Parse(text));
    }

    [Fact]
    public void What_is_printed_reads_as_the_same_rate()
    {
        Rates.Sample(rate => Parse(RateOf(rate).ToString()) == RateOf(rate));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("1.0")]
    [InlineData("-0.1")]
    [InlineData("+0.1")]
    [InlineData("abc")]
    [InlineData("1e-1")]
    [InlineData("0,5")]
    [InlineData(" 0.5")]
    [InlineData("50%")]
    [InlineData("NaN")]
    [InlineData("")]
    [InlineData("0.0000000000000000001")]
    [InlineData("0.00000000000000000000000000000000001")]
    [InlineData("0.99999999999999999999999999999999999")]
    public void What_is_no_rate_is_not_read(string text)
    {
        Assert.False(ClippingRate.TryParse(text, out var rate));
        Assert.True(rate.IsZero);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("-0.01")]
    [InlineData("0.1234567890123456789")]
    public void What_is_no_rate_is_not_made(string value)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClippingRate(decimal.Parse(value, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Rates_are_ordered_by_their_value()
    {
        Assert.True(Parse("0.9") < Parse("0.95") && Parse("0.95") > Parse("0.90"));
        Assert.True(Parse("0.9") <= Parse("0.90") && Parse("0.9") >= Parse("0.90"));
        Assert.False(Parse("0.9") < Parse("0.90") || Parse("0.9") > Parse("0.90"));
        Assert.True(default(ClippingRate).IsZero && !Parse("0.1").IsZero);
    }

    private static ClippingRate RateOf((int Decimals, long Numerator) rate) => new(rate.Numerator / (decimal)BigInteger.Pow(10, rate.Decimals));

    private static ClippingRate Parse(string text) => ClippingRate.TryParse(text, out var rate) ? rate : throw new ArgumentException(text);
}
