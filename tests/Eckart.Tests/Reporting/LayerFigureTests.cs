using System.Globalization;
using System.Text;
using Eckart.Reporting;

namespace Eckart.Tests.Reporting;

public sealed class LayerFigureTests
{
    private static readonly LayerFigure Some = new("a model on a task", "‖G‖", [new("unedited", [0.1, 2, 30, 45]), new("mlp@2:0.9", [0.1, 2, 28, 0])], Logarithmic: true);

    [Fact]
    public void Its_bytes_are_the_same_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        var invariant = Some.ToFiles().Svg;
        try
        {
            var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NegativeSign) = (",", "−");
            CultureInfo.CurrentCulture = culture;

            Assert.Equal(invariant, Some.ToFiles().Svg);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void It_names_what_it_draws()
    {
        var svg = Encoding.UTF8.GetString(Some.ToFiles().Svg);

        Assert.All(["a model on a task", "‖G‖", "unedited", "mlp@2:0.9", "layer", "10²"], text => Assert.Contains(text, svg, StringComparison.Ordinal));
    }

    [Fact]
    public void Gaps_and_zeros_are_drawn_as_nothing()
    {
        var gaps = new LayerFigure("title", "share", [new("one", [double.NaN, 0, -0.5]), new("none", [double.NaN, double.NaN, double.NaN])], Logarithmic: false);

        Assert.NotEmpty(gaps.ToFiles().Png);
        Assert.NotEmpty((gaps with { Logarithmic = true }).ToFiles().Png);
    }
}
