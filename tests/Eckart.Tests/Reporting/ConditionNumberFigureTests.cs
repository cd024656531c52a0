using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Eckart.Reporting;
using Eckart.Tests.Support;

namespace Eckart.Tests.Reporting;

public sealed class ConditionNumberFigureTests
{
    private static readonly ConditionNumberFigure Small = new(
        "tiny", [new(0, "Query", 12.5), new(1, "Query", 1300), new(2, "Query", 45), new(0, "Down", 3), new(1, "Down", null), new(2, "Down", 7)], ChosenLayer: 2);

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
    public void The_SVG_is_XML_whose_text_is_in_the_shipped_font()
    {
        var texts = Texts(Small.ToFiles().Svg);

        Assert.NotEmpty(texts);
        Assert.All(texts, text => Assert.Equal("DejaVu Sans", text.Attribute("font-family")!.Value.Split(',')[0].Trim('\'')));
    }

    [Fact]
    public void It_names_the_model_the_lines_the_decades_and_the_chosen_layer()
    {
        string[] texts = [.. Texts(Small.ToFiles().Svg).Select(text => text.Value.Trim())];

        foreach (var expected in new[] { "tiny", "Query", "Down", "chosen: 2", "10⁰", "10¹", "10⁴", "condition number σ₁ / σₘᵢₙ", "layer" }) Assert.Contains(expected, texts);
        Assert.DoesNotContain("Gate", texts);
        Assert.DoesNotContain("10⁵", texts);
    }

    [Fact]
    public void An_infinite_condition_number_is_a_gap_and_said()
    {
        Assert.Contains("gaps: σₘᵢₙ = 0, infinite (Down@1)", Texts(Small.ToFiles().Svg).Select(text => text.Value.Trim()));
        Assert.DoesNotContain("NaN", Encoding.UTF8.GetString(Small.ToFiles().Svg), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Nothing_finite_and_nothing_at_all_are_drawn_too()
    {
        Assert.NotEmpty((Small with { Conditions = [new(0, "Up", null)], ChosenLayer = null }).ToFiles().Svg);
        Assert.NotEmpty((Small with { Conditions = [], ChosenLayer = null }).ToFiles().Svg);
    }

    [Fact]
    public void A_name_that_XML_reserves_or_forbids_is_harmless()
    {
        var svg = (Small with { Model = "<a>&\"b\0\u001b" + new string('x', 300) }).ToFiles().Svg;

        Assert.Contains(Texts(svg), text => text.Value.Trim().StartsWith('…'));
    }

    [Fact]
    public void The_extension_decides_the_format()
    {
        using var folder = new TemporaryFolder();
        var (png, svg) = (Path.Combine(folder.Path, "figure.PNG"), Path.Combine(folder.Path, "figure.svg"));

        Small.Save(png);
        Small.Save(svg);

        var bytes = File.ReadAllBytes(png);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], bytes[..4]);
        Assert.Equal((1280, 800), (BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(20))));
        Assert.Equal(Small.ToFiles().Svg, File.ReadAllBytes(svg));
    }

    [Theory]
    [InlineData("figure.pdf")]
    [InlineData("figure")]
    public void Another_extension_is_refused(string name)
    {
        Refused.With(() => Small.Save(name), name, ".png or .svg");
    }

    [Fact]
    public void What_is_no_condition_number_is_misuse()
    {
        Assert.Throws<ArgumentException>(() => (Small with { Conditions = [new(0, "Query", 0.5)] }).ToFiles().Svg);
        Assert.Throws<ArgumentException>(() => (Small with { Conditions = [new(0, "Query", double.PositiveInfinity)] }).ToFiles().Svg);
        Assert.Throws<ArgumentException>(() => (Small with { Conditions = [new(-1, "Query", 2)] }).ToFiles().Svg);
        Assert.Throws<ArgumentException>(() => (Small with { Conditions = [new(0, "query", 2)] }).ToFiles().Svg);
        Assert.Throws<ArgumentException>(() => (Small with { Conditions = [new(0, "Query", 2), new(0, "Query", 3)] }).ToFiles().Svg);
    }

    [Fact]
    public void A_real_model_has_a_line_a_projection()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Shared.Find("golden/tasks/smollm2_spectra.json")));
        LayerCondition[] conditions =
        [
            .. document.RootElement.EnumerateArray().Select(entry => new LayerCondition(
                entry.GetProperty("layer").GetInt32(), entry.GetProperty("site").GetString()!, entry.GetProperty("condition").GetDouble())),
        ];
        var figure = new ConditionNumberFigure("SmolLM2-135M-Instruct", conditions, ChosenLayer: 27);
        if (Environment.GetEnvironmentVariable("ECKART_FIGURE") is { } path) figure.Save(path);

        string[] texts = [.. Texts(figure.ToFiles().Svg).Select(text => text.Value.Trim())];

        foreach (var site in new[] { "Query", "Key", "Value", "Output", "Gate", "Up", "Down", "28" }) Assert.Contains(site, texts);
    }

    private static XElement[] Texts(byte[] svg) =>
        [.. XDocument.Parse(Encoding.UTF8.GetString(svg)).Descendants().Where(element => element.Name.LocalName == "text")];
}
