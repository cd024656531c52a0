using System.Collections.Immutable;
using ScottPlot;
using SkiaSharp;

namespace Eckart.Reporting;

/// <summary>Several <see cref="AccuracyFigure"/>s side by side on one scale, with one legend: a series has the same colour in all of them.</summary>
/// <param name="Title">Of all: model, task, items, demonstrations, seed.</param>
/// <param name="Columns">Panels in a row.</param>
/// <param name="Panels">At least one, row by row.</param>
/// <remarks>Drawn so that the text can be read where the figure is set as wide as a column. Equal input gives equal bytes, whatever the culture and the machine's fonts.</remarks>
public sealed record AccuracyPanels(string Title, int Columns, ImmutableArray<AccuracyFigure> Panels)
{
    private const int PanelHeight = 230;
    private const int TitleLine = 20;
    private const int LegendLine = 24;
    private const int LegendSymbol = 52;        // with the space around it
    private const double LetterWidth = 7.2;
    private const float FontSize = 13;
    private const string MajorityName = "most frequent answer";

    private int Rows => (Panels.Length + Columns - 1) / Columns;

    private int PanelWidth => Columns == 1 ? 480 : 300;

    private int Width => Columns * PanelWidth;

    private int LegendHeight => 8 + (LegendLine * (int)Math.Ceiling(LegendNames().Sum(name => LegendSymbol + (name.Length * LetterWidth)) / Width));

    private int Height => (TitleLines.Count * TitleLine) + 8 + (Rows * PanelHeight) + LegendHeight;

    private List<string> TitleLines => Wrapped(Title, (int)(Width / LetterWidth));

    /// <summary>Names of all series with a style of their own, in the order of their first panel.</summary>
    internal string[] Names => [.. Panels.SelectMany(AccuracyPlot.Named).Distinct()];

    /// <summary>The figure as PNG and SVG.</summary>
    public FigureFiles ToFiles() => FigureFiles.Of(Width, Height, Draw);

    private void Draw(SKCanvas canvas)
    {
        EmbeddedFont.Register();
        var names = Names;
        var top = (TitleLines.Count * TitleLine) + 8;
        var lowest = Panels.Min(panel => panel.Lowest);
        foreach (var (i, panel) in Panels.Index())
        {
            using var plot = AccuracyPlot.Draw(panel, names, FontSize);
            plot.Axes.SetLimitsY(lowest, 1.02);
            if (i % Columns > 0) plot.YLabel("");
            foreach (var axis in new IAxis[] { plot.Axes.Left, plot.Axes.Bottom }) axis.TickLabelStyle.FontSize = FontSize - 2;
            plot.Axes.Left.MinimumSize = i % Columns > 0 ? 34 : 52;
            plot.HideLegend();
            var (x, y) = (i % Columns * PanelWidth, top + (i / Columns * PanelHeight));
            canvas.Save();
            canvas.ClipRect(new SKRect(x, y, x + PanelWidth, y + PanelHeight));        // a plot clears all that it may draw on
            plot.Render(canvas, new PixelRect(x, x + PanelWidth, y + PanelHeight, y));
            canvas.Restore();
        }

        DrawTitle(canvas);
        DrawLegend(canvas, names);
    }

    private void DrawTitle(SKCanvas canvas)
    {
        using var paint = Paint.NewDisposablePaint();
        foreach (var (i, line) in TitleLines.Index())
        {
            var label = new LabelStyle { Text = line, FontName = EmbeddedFont.Name, FontSize = FontSize, ForeColor = Colors.Black, Alignment = Alignment.UpperLeft };
            label.Render(canvas, new Pixel(10, 6 + (i * TitleLine)), paint);
        }
    }

    private void DrawLegend(SKCanvas canvas, string[] names)
    {
        using var plot = new Plot();
        using var paint = Paint.NewDisposablePaint();
        foreach (var series in Panels.SelectMany(panel => panel.Series).Where(series => series.Name.Length > 0).DistinctBy(series => series.Name))
        {
            var style = SeriesStyle.Of(series, AccuracyPlot.PlaceOf(series, names) ?? 0);
            plot.Legend.ManualItems.Add(new LegendItem { LabelText = series.Name, LineColor = Color.FromHex(style.Colour), LineWidth = series.IsScattered ? 0 : 1.6f, LinePattern = series.IsBaseline ? LinePattern.DenselyDashed : LinePattern.Solid, MarkerShape = series is { IsBaseline: true, IsScattered: false } ? MarkerShape.None : style.Marker, MarkerSize = 6, MarkerColor = Color.FromHex(style.Colour) });
        }

        if (Panels.Any(panel => panel.Majority is not null))
            plot.Legend.ManualItems.Add(new LegendItem { LabelText = MajorityName, LineColor = Colors.Black.WithAlpha(0.55), LineWidth = 1.2f, LinePattern = LinePattern.Dotted });
        (plot.Legend.Orientation, plot.Legend.FontSize, plot.Legend.FontName) = (Orientation.Horizontal, FontSize - 1, EmbeddedFont.Name);
        plot.Legend.TightHorizontalWrapping = true;
        (plot.Legend.ShadowColor, plot.Legend.OutlineColor) = (Colors.Transparent, Colors.Transparent);
        plot.Legend.Render(canvas, paint, new PixelRect(0, Width, Height, Height - LegendHeight), Alignment.MiddleCenter);
    }

    private IEnumerable<string> LegendNames() =>
        Panels.SelectMany(panel => panel.Series).Select(series => series.Name).Where(name => name.Length > 0).Distinct().Concat(Panels.Any(panel => panel.Majority is not null) ? [MajorityName] : []);

    // Between the parts of a list rather than inside one.
    private static List<string> Wrapped(string text, int columns)
    {
        var lines = new List<string> { "" };
        foreach (var part in text.Split(", "))
        {
            if (lines[^1].Length > 0 && lines[^1].Length + 2 + part.Length > columns)
            {
                lines[^1] += ",";
                lines.Add("");
            }

            lines[^1] = lines[^1].Length == 0 ? part : $"{lines[^1]}, {part}";
        }

        return lines;
    }
}
