using System.Collections.Immutable;
using Eckart.Formats;
using Eckart.Statistics;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Eckart.Reporting;

/// <summary>Errors by anything that comes in steps, such as examples or clipping rates: a line a series, with intervals.</summary>
/// <param name="Title">Of the figure.</param>
/// <param name="XLabel">What the positions are.</param>
/// <param name="Positions">Names of the positions, evenly spaced.</param>
/// <param name="Series">At least one.</param>
/// <param name="Logarithmic">Whether errors are drawn by their logarithms; those of 0 are then left out.</param>
/// <remarks>Colours: Okabe and Ito 2008, told apart with any colour vision; markers differ too. Equal input gives equal SVG, whatever the culture and the machine's fonts.</remarks>
public sealed record ErrorFigure(string Title, string XLabel, ImmutableArray<string> Positions, ImmutableArray<ErrorSeries> Series, bool Logarithmic)
{
    private const int MostTicks = 16;
    private const double Smallest = 1e-9;       // below it, an error is drawn as none
    internal static readonly (string Colour, MarkerShape Marker, MarkerShape Thin)[] Styles =
    [
        ("#0072B2", MarkerShape.FilledCircle, MarkerShape.OpenCircle),
        ("#D55E00", MarkerShape.FilledSquare, MarkerShape.OpenSquare),
        ("#009E73", MarkerShape.FilledTriangleUp, MarkerShape.OpenTriangleUp),
        ("#CC79A7", MarkerShape.FilledTriangleDown, MarkerShape.OpenTriangleDown),
        ("#E69F00", MarkerShape.FilledDiamond, MarkerShape.OpenDiamond),
        ("#56B4E9", MarkerShape.FilledCircle, MarkerShape.OpenCircle),
        ("#000000", MarkerShape.FilledSquare, MarkerShape.OpenSquare),
    ];

    /// <summary>Top of a linear axis; larger errors leave the figure. Null for the largest.</summary>
    public double? Highest { get; init; }

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
        foreach (var (place, series) in Series.Index()) Add(plot, series, Styles[Place(series, place) % Styles.Length]);

        SetErrorAxis(plot);
        plot.Axes.SetLimitsX(-0.4, Positions.Length - 0.6);
        plot.Axes.Bottom.TickGenerator = Ticks();
        plot.Grid.MajorLineColor = Colors.Black.WithAlpha(0.1);
        plot.YLabel("squared error / d", size: 13);
        plot.XLabel(XLabel, size: 13);
        plot.Title(Title, size: 13);
        plot.Axes.Title.Label.Bold = plot.Axes.Left.Label.Bold = plot.Axes.Bottom.Label.Bold = false;
        plot.Axes.Left.MinimumSize = 62;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.OutlineColor = Colors.Black.WithAlpha(0.25);
        plot.Legend.FontSize = 12;
        plot.ShowLegend(Edge.Right);
        plot.Font.Set(EmbeddedFont.Name);
        return plot;
    }

    // In two groups of equal size the second has the first one's colours; else no two are alike.
    private int Place(ErrorSeries series, int place) => Series.Count(one => one.Thin) * 2 == Series.Length ? Series.Take(place).Count(one => one.Thin == series.Thin) : place;

    private void Add(Plot plot, ErrorSeries series, (string Colour, MarkerShape Marker, MarkerShape Thin) style)
    {
        var colour = Color.FromHex(style.Colour);
        var points = series.Values.Index().Where(one => one.Item is { } there && (!Logarithmic || there.Value > Smallest)).Select(one => (one.Index, Item: one.Item!.Value)).ToArray();
        var line = plot.Add.Scatter(points.Select(point => (double)point.Index).ToArray(), points.Select(point => Height(point.Item.Value)).ToArray(), colour);
        line.LegendText = series.Name;
        line.LineWidth = series.Thin ? 0.8f : 1.6f;        // not dashed: SVG files would have the dashes left out
        line.MarkerShape = series.Thin ? style.Thin : style.Marker;
        line.MarkerSize = 5;
        foreach (var (index, (value, interval)) in points)
        {
            var bar = plot.Add.Line(index, Height(Math.Max(interval.Low, Logarithmic ? value / 10 : interval.Low)), index, Height(interval.High));
            (bar.Color, bar.LineWidth) = (colour.WithAlpha(0.6), 1);
        }
    }

    private double Height(double error) => Logarithmic ? Math.Log10(error) : error;

    private void SetErrorAxis(Plot plot)
    {
        var values = Series.SelectMany(series => series.Values).OfType<(double Value, Interval Interval)>().ToArray();
        if (!Logarithmic)
        {
            plot.Axes.SetLimitsY(0, Highest ?? (1.05 * values.Max(value => value.Interval.High)));
            return;
        }

        double[] logarithms = [.. values.Select(value => value.Value).Where(value => value > Smallest).Select(Math.Log10).DefaultIfEmpty(0)];
        var (low, high) = LogAxis.Decades(logarithms);
        plot.Axes.SetLimitsY(low, Math.Min(high, logarithms.Max() + 0.2));
        plot.Axes.Left.TickGenerator = LogAxis.Ticks(low, high);
    }

    private NumericManual Ticks()
    {
        var ticks = new NumericManual();
        var every = (Positions.Length + MostTicks - 1) / MostTicks;
        foreach (var (i, name) in Positions.Index())
            if (i % every == 0) ticks.AddMajor(i, name);
        return ticks;
    }
}
