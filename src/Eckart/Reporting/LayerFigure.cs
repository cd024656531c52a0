using System.Collections.Immutable;
using Eckart.Formats;
using ScottPlot;

namespace Eckart.Reporting;

/// <summary>Any numbers by layer: a line a series.</summary>
/// <param name="Title">Of the figure; a long one loses its beginning.</param>
/// <param name="YLabel">What the numbers are.</param>
/// <param name="Series">At least one; all of the same layers.</param>
/// <param name="Logarithmic">Whether numbers are drawn by their logarithms; those of 0 and below are then gaps.</param>
/// <remarks>Colours and markers are those of <see cref="ErrorFigure"/>. Equal input gives equal SVG, whatever the culture and the machine's fonts.</remarks>
public sealed record LayerFigure(string Title, string YLabel, ImmutableArray<LayerSeries> Series, bool Logarithmic)
{
    private const int LongestTitle = 92;

    /// <summary>Writes the figure into a folder as PNG and SVG.</summary>
    /// <param name="folder">Exists.</param>
    /// <param name="name">Of the files, without extension.</param>
    /// <exception cref="InputException">A file cannot be written.</exception>
    public void Save(string folder, string name) => ToFiles().Save(folder, name);

    /// <summary>The figure as PNG and SVG, 640 × 400 units.</summary>
    public FigureFiles ToFiles() => FigureFiles.Of(Draw);

    private Plot Draw()
    {
        EmbeddedFont.Register();
        var plot = new Plot();
        foreach (var (place, series) in Series.Index()) Add(plot, series, ErrorFigure.Styles[place % ErrorFigure.Styles.Length]);
        var last = Series.Max(series => series.Values.Length) - 1;
        SetAxis(plot);
        plot.Axes.SetLimitsX(-0.5, last + 0.5);
        plot.Axes.Bottom.TickGenerator = ConditionNumberFigure.LayerTicks(last);
        plot.Grid.MajorLineColor = Colors.Black.WithAlpha(0.1);
        plot.YLabel(YLabel, size: 13);
        plot.XLabel("layer", size: 13);
        plot.Title(Title.Length <= LongestTitle ? Title : "…" + Title[^(LongestTitle - 1)..], size: 12);
        plot.Axes.Title.Label.Bold = plot.Axes.Left.Label.Bold = plot.Axes.Bottom.Label.Bold = false;
        plot.Axes.Left.MinimumSize = 62;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.OutlineColor = Colors.Black.WithAlpha(0.25);
        plot.Legend.FontSize = 12;
        plot.ShowLegend(Edge.Bottom);
        plot.Font.Set(EmbeddedFont.Name);
        return plot;
    }

    private void Add(Plot plot, LayerSeries series, (string Colour, MarkerShape Marker, MarkerShape Thin) style)
    {
        var line = plot.Add.Scatter(Enumerable.Range(0, series.Values.Length).Select(layer => (double)layer).ToArray(), series.Values.Select(Height).ToArray(), Color.FromHex(style.Colour));
        line.LegendText = series.Name;
        line.LineWidth = 1.4f;
        line.MarkerShape = style.Marker;
        line.MarkerSize = 5;
    }

    private double Height(double value) => !Logarithmic ? value : value > 0 ? Math.Log10(value) : double.NaN;

    private void SetAxis(Plot plot)
    {
        double[] heights = [.. Series.SelectMany(series => series.Values).Select(Height).Where(double.IsFinite).DefaultIfEmpty(0)];
        if (Logarithmic)
        {
            var (low, high) = LogAxis.Decades(heights);
            plot.Axes.SetLimitsY(low, high);
            plot.Axes.Left.TickGenerator = LogAxis.Ticks(low, high);
            return;
        }

        var margin = 0.05 * Math.Max(1e-9, heights.Max() - heights.Min());
        plot.Axes.SetLimitsY(Math.Min(0, heights.Min() - margin), heights.Max() + margin);
        plot.Axes.Left.TickGenerator = FigureFiles.Ticks();
    }
}
