using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Eckart.Reporting;
using Eckart.Statistics;

namespace Eckart.Tests.Reporting;

public sealed class ErrorFigureTests
{
    private static readonly ErrorFigure Small = new("tiny", "examples", ["0", "1", "2"],
        [Series("model", 1.0, 0.4, 0.02), Series("other", 1.0, 0.5, 0) with { Thin = true }], Logarithmic: true);

    [Fact]
    public void The_SVG_has_the_same_bytes_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            var invariant = Small.ToFiles().Svg;
            foreach (var (point, minus) in new[] { (",", "-"), ("٫", "−") })
            {
                var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
                (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NegativeSign) = (point, minus);
                CultureInfo.CurrentCulture = culture;

                Assert.Equal(invariant, Small.ToFiles().Svg);
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void It_names_lines_positions_and_decades()
    {
        string[] texts = [.. XDocument.Parse(Encoding.UTF8.GetString(Small.ToFiles().Svg)).Descendants().Where(element => element.Name.LocalName == "text").Select(text => text.Value.Trim())];

        foreach (var text in new[] { "tiny", "examples", "squared error / d", "model", "other", "10⁻²", "10⁻¹", "10⁰" }) Assert.Contains(text, texts);
        Assert.DoesNotContain("10⁻³", texts);
    }

    [Fact]
    public void A_linear_axis_ends_where_it_is_told()
    {
        var linear = Small with { Logarithmic = false };

        Assert.NotEqual(linear.ToFiles().Png, (linear with { Highest = 9 }).ToFiles().Png);
        Assert.Equal(linear.ToFiles().Png, (linear with { Highest = 1.05 * 1.1 }).ToFiles().Png);
    }

    private static ErrorSeries Series(string name, params double[] values) => new(name, [.. values.Select(value => (value, new Interval(0.9 * value, 1.1 * value)))]);
}
