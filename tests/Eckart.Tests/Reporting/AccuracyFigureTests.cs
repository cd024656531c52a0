using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Eckart.Reporting;
using Eckart.Statistics;

namespace Eckart.Tests.Reporting;

public sealed class AccuracyFigureTests
{
    private static readonly AccuracyFigure Small = new("tiny on words, test, n = 20, seed 1", "demonstrations", ["0", "8"],
        [new("unedited", [new Proportion(10, 20), new Proportion(15, 20)]), new("mlp@1:0.9", [null, new Proportion(19, 20)]), new("", [new Proportion(9, 20), new Proportion(11, 20)])]) { Majority = 0.5 };

    [Fact]
    public void It_names_the_positions_and_every_series_that_has_a_name()
    {
        string[] texts = [.. XDocument.Parse(Encoding.UTF8.GetString(Small.ToFiles().Svg)).Descendants().Where(element => element.Name.LocalName == "text").Select(text => text.Value.Trim())];

        foreach (var expected in new[] { Small.Title, "demonstrations", "accuracy", "8", "unedited", "mlp@1:0.9", "most frequent" }) Assert.Contains(expected, texts);
    }

    [Fact]
    public void The_SVG_has_the_same_bytes_in_every_culture()
    {
        var (before, invariant) = (CultureInfo.CurrentCulture, Small.ToFiles().Svg);
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        CultureInfo.CurrentCulture = culture;
        var there = Small.ToFiles().Svg;
        CultureInfo.CurrentCulture = before;

        Assert.Equal(invariant, there);
    }
}
