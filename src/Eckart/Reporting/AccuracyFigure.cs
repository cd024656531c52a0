using System.Collections.Immutable;
using Eckart.Formats;
using Eckart.Statistics;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Eckart.Reporting;

/// <summary>Accuracies by anything that comes in steps, such as clipping rates or demonstrations: a line a series, with intervals.</summary>
/// <param name="Title">Of the figure.</param>
/// <param name="XLabel">What the positions are.</param>
/// <param name="Positions">Names of the positions, evenly spaced.</param>
/// <param name="Series">At least one.</param>
/// <remarks>Bars are Wilson's intervals. Colours: Okabe and Ito 2008, told apart with any colour vision; markers differ too. Equal input gives equal SVG, whatever the culture and the machine's fonts.</remarks>
public sealed record AccuracyFigure(string Title, string XLabel, ImmutableArray<string> Positions, ImmutableArray<AccuracySeries> Series)
{
    private const double BesideOneAnother = 0.05;   // of a position: intervals of two series are both seen
    private static readonly (string Colour, MarkerShape Marker)[] Styles =
    [
        ("#000000", MarkerShape.OpenCircle),
        ("#0072B2", MarkerShape.FilledCircle),
        ("#D55E00", MarkerShape.FilledSquare),
        ("#009E73", MarkerShape.FilledTriangleUp),
        ("#CC79A7", MarkerShape.FilledTriangleDown),
        ("#E69F00", MarkerShape.FilledDiamond),
    ];

    /// <summary>Series that can have a name: others are better left grey.</summary>
    public static int MostNamed => Styles.Length;

    /// <summary>Level of the intervals is one minus this.</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>An accuracy that is marked by a dotted line, such as that of always giving the most frequent answer; null for none.</summary>
    public double? Majority { get; init; }

    /// <summary>Writes the figure into a folder as PNG and SVG.</summary>
    /// <param name="folder">Exists.</param>
    /// <param name="name">Of the files, without extension.</param>
    /// <param name="files">The file system; <see cref="FileCalls.Disk"/> unless given.</param>
    /// <exception cref="InputException">A file cannot be written.</exception>
    public void Save(string folder, string name, FileCalls? files = null) => FigureImage.Save(folder, name, Draw, files);

    /// <summary>The figure as SVG (UTF-8), 640 × 400 units.</summary>
    public byte[] ToSvg() => FigureImage.Svg(Draw);

    private Plot Draw()
    {
        EmbeddedFont.Register();
        var plot = new Plot();
        var named = 0;
        foreach (var series in Series.OrderByDescending(series => series.Name.Length == 0))
            Add(plot, series, series.Name.Length == 0 ? null : named, series.Name.Length == 0 ? 0 : named++);
        if (Majority is { } majority) AddMajority(plot, majority);

        var ends = Series.SelectMany(series => series.Values).OfType<Proportion>().Select(value => value.WilsonInterval(Alpha).Low).Append(Majority ?? 1);
        plot.Axes.SetLimits(-0.4, Positions.Length - 0.6, Math.Max(0, ends.Min() - 0.05), 1.02);
        plot.Axes.Bottom.TickGenerator = Ticks();
        plot.Axes.Left.TickGenerator = FigureImage.Ticks();
        plot.Grid.MajorLineColor = Colors.Black.WithAlpha(0.1);
        plot.YLabel("accuracy", size: 13);
        plot.XLabel(XLabel, size: 13);
        plot.Title(Title, size: 13);
        plot.Axes.Title.Label.Bold = plot.Axes.Left.Label.Bold = plot.Axes.Bottom.Label.Bold = false;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.OutlineColor = Colors.Black.WithAlpha(0.25);
        plot.Legend.FontSize = 12;
        plot.ShowLegend(Edge.Right);
        plot.Font.Set(EmbeddedFont.Name);
        return plot;
    }

    private void Add(Plot plot, AccuracySeries series, int? style, int place)
    {
        var colour = style is { } known ? Color.FromHex(Styles[known % Styles.Length].Colour) : Colors.Black.WithAlpha(0.2);
        (double X, Proportion Value)[] points = [.. series.Values.Index().Where(one => one.Item is not null).Select(one => (one.Index + (BesideOneAnother * place), one.Item!.Value))];
        var line = plot.Add.Scatter(points.Select(point => point.X).ToArray(), points.Select(point => point.Value.Value).ToArray(), colour);
        line.LineWidth = style is null ? 1 : 1.4f;
        line.LinePattern = style == 0 ? LinePattern.Dashed : LinePattern.Solid;
        line.MarkerShape = style is { } shape ? Styles[shape % Styles.Length].Marker : MarkerShape.None;
        line.MarkerSize = 6;
        if (style is null) return;
        line.LegendText = series.Name;
        foreach (var (x, value) in points)
        {
            var interval = value.WilsonInterval(Alpha);
            var bar = plot.Add.Line(x, interval.Low, x, interval.High);
            (bar.Color, bar.LineWidth) = (colour.WithAlpha(0.6), 1);
        }
    }

    private static void AddMajority(Plot plot, double majority)
    {
        var line = plot.Add.HorizontalLine(majority);
        (line.Color, line.LineWidth, line.LinePattern, line.LegendText) = (Colors.Black.WithAlpha(0.5), 1, LinePattern.Dotted, "most frequent");
    }

    private NumericManual Ticks()
    {
        var ticks = new NumericManual();
        foreach (var (i, name) in Positions.Index()) ticks.AddMajor(i, name);
        return ticks;
    }
}
