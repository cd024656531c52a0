using Eckart.Statistics;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Eckart.Reporting;

/// <summary>Draws an <see cref="AccuracyFigure"/>, alone or as one of several that share their styles.</summary>
internal static class AccuracyPlot
{
    private const double BesideOneAnother = 0.05;   // of a position: intervals of two series are both seen
    private const double Apart = 0.2;               // of a position: marks that no line joins
    private const int MostLetters = 48;             // of all names of positions in a row

    /// <summary>With its title and a legend.</summary>
    public static Plot Alone(AccuracyFigure figure)
    {
        var plot = Draw(figure, [.. Named(figure)], 13);
        plot.Axes.SetLimitsY(figure.Lowest, 1.02);
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.OutlineColor = Colors.Black.WithAlpha(0.25);
        plot.Legend.FontSize = 12;
        plot.ShowLegend(Edge.Right);
        plot.Font.Set(EmbeddedFont.Name);
        return plot;
    }

    /// <summary>Without a legend; the caller sets the limits of the accuracy.</summary>
    /// <param name="figure">What to draw.</param>
    /// <param name="names">Of all series that have colours of their own: a name has one style, whatever else is in the figure.</param>
    /// <param name="fontSize">Of titles and labels.</param>
    public static Plot Draw(AccuracyFigure figure, IReadOnlyList<string> names, float fontSize)
    {
        EmbeddedFont.Register();
        var plot = new Plot();
        foreach (var series in figure.Series.Where(series => series.IsBaseline)) AddBand(plot, series, figure.Alpha);
        foreach (var series in figure.Series.OrderBy(series => series.IsBaseline ? 2 : PlaceOf(series, names) is null ? 0 : 1)) Add(plot, series, PlaceOf(series, names), figure);
        if (figure.Majority is { } majority) AddMajority(plot, majority, figure.Positions.Length);

        plot.Axes.SetLimitsX(-0.4, figure.Positions.Length - 0.6);
        plot.Axes.Bottom.TickGenerator = Ticks(figure);
        plot.Axes.Left.TickGenerator = FigureFiles.Ticks();
        if (figure.Positions.Length * figure.Positions.Max(name => name.Length) > MostLetters) Slant(plot);
        plot.Grid.MajorLineColor = Colors.Black.WithAlpha(0.1);
        plot.YLabel("accuracy", size: fontSize);
        plot.XLabel(figure.XLabel, size: fontSize);
        plot.Title(figure.Title, size: fontSize);
        plot.Axes.Title.Label.Bold = plot.Axes.Left.Label.Bold = plot.Axes.Bottom.Label.Bold = false;
        plot.Font.Set(EmbeddedFont.Name);
        return plot;
    }

    /// <summary>Names that have styles of their own, in order.</summary>
    public static IEnumerable<string> Named(AccuracyFigure figure) => figure.Series.Where(series => series.Name.Length > 0 && series.Depth is null).Select(series => series.Name);

    /// <summary>Place of a series' style; null for one that is grey.</summary>
    public static int? PlaceOf(AccuracySeries series, IReadOnlyList<string> names) =>
        series.Depth is not null ? 0 : series.Name.Length == 0 ? null : Enumerable.Range(0, names.Count).First(i => names[i] == series.Name);

    private static void Add(Plot plot, AccuracySeries series, int? place, AccuracyFigure figure)
    {
        var style = place is { } known ? SeriesStyle.Of(series, known) : new SeriesStyle("#000000", MarkerShape.None);
        var colour = place is null ? Colors.Black.WithAlpha(0.2) : Color.FromHex(style.Colour);
        var aside = series.IsScattered ? Apart * ((place ?? 0) - 1) : series.Depth is null ? BesideOneAnother * (place ?? 0) : 0;
        (double X, Proportion Value)[] points = [.. series.Values.Index().Where(one => one.Item is not null).Select(one => (one.Index + aside, one.Item!.Value))];
        double[] xs = [.. points.Select(point => point.X)], ys = [.. points.Select(point => point.Value.Value)];
        if (series is { IsBaseline: true, IsScattered: false })
        {
            var (dashX, dashY) = Dashes.Along(xs, ys, figure.Positions.Length / 50.0, figure.Positions.Length / 100.0);
            var dashes = plot.Add.ScatterLine(dashX, dashY, colour);
            dashes.LineWidth = 1.4f;
        }

        var line = plot.Add.Scatter(xs, ys, colour);
        line.LineWidth = series.IsBaseline || series.IsScattered ? 0 : place is null || series.Depth is not null ? 1 : 1.4f;
        line.MarkerShape = series is { IsBaseline: true, IsScattered: false } ? MarkerShape.None : style.Marker;
        line.MarkerSize = 6;
        if (place is null) return;
        line.LegendText = series.Name;
        if (series.Depth is not null || series.IsBaseline && !series.IsScattered) return;       // a baseline has its band; many lines would hide behind their bars
        foreach (var (x, value) in points)
        {
            var interval = value.WilsonInterval(figure.Alpha);
            var bar = plot.Add.Line(x, interval.Low, x, interval.High);
            (bar.Color, bar.LineWidth) = (colour.WithAlpha(0.6), 1);
        }
    }

    private static void AddBand(Plot plot, AccuracySeries series, double alpha)
    {
        if (series.IsScattered) return;
        var points = series.Values.Index().Where(one => one.Item is not null).Select(one => (X: (double)one.Index, Interval: one.Item!.Value.WilsonInterval(alpha))).ToArray();
        if (points.Length < 2) return;
        var band = plot.Add.FillY([.. points.Select(point => point.X)], [.. points.Select(point => point.Interval.Low)], [.. points.Select(point => point.Interval.High)]);
        (band.FillColor, band.LineWidth, band.MarkerSize) = (Colors.Black.WithAlpha(0.08), 0, 0);
    }

    private static void AddMajority(Plot plot, double majority, int positions)
    {
        var (xs, ys) = Dashes.Along([-0.4, positions - 0.6], [majority, majority], positions / 250.0, positions / 120.0);
        var line = plot.Add.ScatterLine(xs, ys, Colors.Black.WithAlpha(0.55));
        (line.LineWidth, line.LegendText) = (1.2f, "most frequent");
    }

    // Names that would run into one another.
    private static void Slant(Plot plot)
    {
        (plot.Axes.Bottom.TickLabelStyle.Rotation, plot.Axes.Bottom.TickLabelStyle.Alignment) = (-35, Alignment.UpperRight);
        plot.Axes.Bottom.MinimumSize = 84;
    }

    private static NumericManual Ticks(AccuracyFigure figure)
    {
        var ticks = new NumericManual();
        var every = (figure.Positions.Length + 15) / 16;
        foreach (var (i, name) in figure.Positions.Index())
            if (i % every == 0) ticks.AddMajor(i, name);
        return ticks;
    }
}
