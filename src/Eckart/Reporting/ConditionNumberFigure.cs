using System.Globalization;
using Eckart.Formats;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Eckart.Reporting;

/// <summary>Condition numbers by layer, a line a projection, on a logarithmic scale: what Algorithm 1 chooses its layer by.</summary>
/// <param name="Model">Name of the model, for the title.</param>
/// <param name="Conditions">Any number of matrices, each at most once, in any order.</param>
/// <param name="ChosenLayer">The layer that is marked; null for none.</param>
/// <remarks><b>Source</b>: Figure 3 of arXiv:2406.03768. Colours: Okabe and Ito 2008, told apart with any colour vision; markers differ too.
/// Equal input gives equal SVG, whatever the culture and the machine's fonts.</remarks>
public sealed record ConditionNumberFigure(string Model, IReadOnlyList<LayerCondition> Conditions, int? ChosenLayer)
{
    private const int LongestTitle = 64;

    private static readonly (string Site, string Colour, MarkerShape Marker)[] Lines =
    [
        ("Query", "#0072B2", MarkerShape.FilledCircle),
        ("Key", "#56B4E9", MarkerShape.FilledSquare),
        ("Value", "#009E73", MarkerShape.FilledTriangleUp),
        ("Output", "#000000", MarkerShape.FilledDiamond),
        ("Gate", "#E69F00", MarkerShape.OpenCircle),
        ("Up", "#D55E00", MarkerShape.OpenSquare),
        ("Down", "#CC79A7", MarkerShape.FilledTriangleDown),
    ];

    /// <summary>Writes the figure in the format of the file's extension.</summary>
    /// <param name="path">A <c>.png</c> or <c>.svg</c>; replaced if it exists.</param>
    /// <exception cref="InputException">Another extension, or a file that cannot be written.</exception>
    /// <exception cref="ArgumentException">An unknown site, a matrix twice, or a condition number below 1.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".png" => ToFiles().Png,
            ".svg" => ToFiles().Svg,
            var other => throw new InputException(path, $"expected a file name ending in .png or .svg, found '{other}'", "rename it"),
        });
    }

    /// <summary>The figure as PNG and SVG, 640 × 400 units.</summary>
    /// <exception cref="ArgumentException">See <see cref="Save"/>.</exception>
    public FigureFiles ToFiles() => FigureFiles.Of(Draw);

    private Plot Draw()
    {
        Check();
        EmbeddedFont.Register();
        var plot = new Plot();
        foreach (var (site, colour, marker) in Lines) AddLine(plot, site, Color.FromHex(colour), marker);
        if (ChosenLayer is { } chosen) AddChosen(plot, chosen);

        var (low, high) = LogAxis.Decades(Conditions.Where(c => c.Condition is not null).Select(c => Math.Log10(c.Condition!.Value)));
        var last = Conditions.Select(c => c.Layer).Append(ChosenLayer ?? 0).Max();
        plot.Axes.SetLimits(-0.5, last + 0.5, low, high);
        plot.Axes.Left.TickGenerator = LogAxis.Ticks(low, high);
        plot.Axes.Bottom.TickGenerator = LayerTicks(last);
        plot.Grid.MajorLineColor = Colors.Black.WithAlpha(0.1);
        plot.YLabel("condition number σ₁ / σₘᵢₙ", size: 13);
        plot.XLabel("layer" + Note(), size: 13);
        plot.Title(Title(), size: 14);
        plot.Axes.Title.Label.Bold = plot.Axes.Left.Label.Bold = plot.Axes.Bottom.Label.Bold = false;
        plot.Axes.Left.MinimumSize = 62;
        plot.Axes.Left.Label.OffsetX = 6;
        AddLegend(plot);
        plot.Font.Set(EmbeddedFont.Name);
        return plot;
    }

    private void AddLine(Plot plot, string site, Color colour, MarkerShape marker)
    {
        LayerCondition[] line = [.. Conditions.Where(c => c.Site == site).OrderBy(c => c.Layer)];
        if (line.Length == 0) return;

        // A layer without this matrix is a gap like one without a condition number.
        var byLayer = line.ToDictionary(c => c.Layer, c => c.Condition);
        double[] layers = [.. Enumerable.Range(line[0].Layer, line[^1].Layer - line[0].Layer + 1).Select(layer => (double)layer)];
        double[] logarithms = [.. layers.Select(layer => byLayer.GetValueOrDefault((int)layer) is { } condition ? Math.Log10(condition) : double.NaN)];

        var scatter = plot.Add.Scatter(layers, logarithms, colour);
        scatter.LegendText = site;
        scatter.LineWidth = 1.4f;
        scatter.MarkerShape = marker;
        scatter.MarkerSize = 6;
    }

    private static void AddChosen(Plot plot, int layer)
    {
        var line = plot.Add.VerticalLine(layer);
        line.Color = Colors.Black.WithAlpha(0.55);
        line.LineWidth = 1.2f;
        line.LinePattern = LinePattern.DenselyDashed;
        line.LegendText = string.Create(CultureInfo.InvariantCulture, $"chosen: {layer}");
    }

    private static void AddLegend(Plot plot)
    {
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.OutlineColor = Colors.Black.WithAlpha(0.25);
        plot.Legend.FontSize = 12;
        var panel = plot.ShowLegend(Edge.Right);
        panel.Alignment = Alignment.UpperLeft;
        panel.Padding = new PixelPadding(8, 8, 0, 0);
    }

    internal static NumericManual LayerTicks(int last)
    {
        var every = last <= 16 ? 1 : last <= 34 ? 2 : last <= 85 ? 5 : 10 * (1 + last / 200);
        var ticks = new NumericManual();
        for (var layer = 0; layer <= last; layer++)
        {
            if (layer % every == 0) ticks.AddMajor(layer, layer.ToString(CultureInfo.InvariantCulture));
            else if (every <= 5) ticks.AddMinor(layer);
        }

        return ticks;
    }

    private string Note()
    {
        LayerCondition[] gaps = [.. Conditions.Where(c => c.Condition is null).OrderBy(c => c.Layer)];
        if (gaps.Length == 0) return "";
        var named = string.Join(", ", gaps.Take(4).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Site}@{c.Layer}")));
        return $"\ngaps: σₘᵢₙ = 0, infinite ({named}{(gaps.Length > 4 ? ", …" : "")})";
    }

    private string Title()
    {
        var name = string.Concat(Model.Select(c => char.IsControl(c) ? ' ' : c));
        return name.Length <= LongestTitle ? name : "…" + name[^(LongestTitle - 1)..];
    }

    private void Check()
    {
        foreach (var (layer, site, condition) in Conditions)
        {
            if (Lines.All(line => line.Site != site)) throw new ArgumentException($"'{site}' is no site: {string.Join(", ", Lines.Select(line => line.Site))}.");
            if (layer < 0) throw new ArgumentException($"There is no layer {layer}.");
            if (condition is { } value && !(double.IsFinite(value) && value >= 1))
                throw new ArgumentException($"{site} of layer {layer} has condition number {value}: expected a finite one from 1 up, or null.");
        }

        if (Conditions.CountBy(c => (c.Layer, c.Site)).Any(pair => pair.Value > 1)) throw new ArgumentException("A matrix stands twice.");
    }
}
