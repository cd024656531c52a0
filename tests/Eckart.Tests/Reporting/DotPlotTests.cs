using System.Globalization;
using Eckart.Reporting;

namespace Eckart.Tests.Reporting;

public sealed class DotPlotTests
{
    private static readonly DotPlot Plot = new("accuracy: o before, x after, * both", [("0", [('o', 0.5), ('x', 0.5)]), ("16", [('o', 0.75), ('x', 1)])]);

    [Fact]
    public void Marks_stand_where_the_scale_says()
    {
        var lines = Lines();

        Assert.Equal("accuracy: o before, x after, * both", lines[0]);
        Assert.Equal('*', lines[2][Place(lines[1], "0.5")]);
        Assert.Equal('x', lines[3][Place(lines[1], "1.0")]);
        Assert.Equal((Place(lines[1], "0.7") + Place(lines[1], "0.8")) / 2, lines[3].IndexOf('o', StringComparison.Ordinal));
        Assert.Equal(1, lines[2].Count(c => c is 'o' or 'x' or '*'));
        Assert.All(lines, line => Assert.True(line.Length <= 80, line));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.04)]
    [InlineData(0.95)]
    [InlineData(1.0)]
    public void The_scale_holds_every_value(double value)
    {
        var lines = Lines(new DotPlot("", [("a", [('o', value)])]));

        Assert.Contains('o', lines[2]);
        Assert.All(lines, line => Assert.True(line.Length <= 80, line));
    }

    // A number's second character, its point, stands above the column.
    private static int Place(string scale, string number) => scale.IndexOf(number, StringComparison.Ordinal) + 1;

    private static string[] Lines(DotPlot? plot = null)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        (plot ?? Plot).Write(text);
        return text.ToString().Split('\n')[..^1];
    }
}
