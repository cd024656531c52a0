using Eckart.Formats;
using Eckart.Training;
using ScottPlot;

namespace Eckart.Reporting;

/// <summary>A training on the way: the loss, and every accuracy that was examined, by steps.</summary>
/// <param name="Title">Of the figure.</param>
/// <param name="Curve">At least one point.</param>
/// <remarks>Colours: Okabe and Ito 2008, told apart with any colour vision; markers differ too. Equal input gives equal SVG, whatever the culture and the machine's fonts.</remarks>
public sealed record TrainingCurveFigure(string Title, Curve Curve)
{
    private static readonly (string Colour, MarkerShape Marker)[] Styles =
    [
        ("#0072B2", MarkerShape.FilledCircle),
        ("#D55E00", MarkerShape.OpenSquare),
        ("#009E73", MarkerShape.FilledTriangleUp),
        ("#CC79A7", MarkerShape.FilledTriangleDown),
        ("#E69F00", MarkerShape.OpenCircle),
        ("#56B4E9", MarkerShape.FilledSquare),
    ];

    /// <summary>What the loss is, with its unit.</summary>
    public string LossLabel { get; init; } = "loss, nats a token";

    /// <summary>The figure as PNG and SVG, 640 × 400 units.</summary>
    public FigureFiles ToFiles() => FigureFiles.Of(Draw);

    /// <summary>Writes both into a folder, as <c>curve.png</c> and <c>curve.svg</c>.</summary>
    /// <exception cref="InputException">A file cannot be written.</exception>
    public void Save(string folder) => ToFiles().Save(folder, "curve");

    private Plot Draw()
    {
        EmbeddedFont.Register();
        var plot = new Plot();
        var loss = plot.Add.ScatterLine(Curve.Points.Select(point => (double)point.Step).ToArray(), Curve.Points.Select(point => point.Loss).ToArray(), Colors.Black.WithAlpha(0.6));
        loss.LegendText = "loss";
        CurvePoint[] examined = [.. Curve.Points.Where(point => point.Accuracies.Count > 0)];
        for (var column = 0; column < Curve.Columns.Count; column++) AddAccuracy(plot, examined, column);

        plot.Axes.SetLimitsX(0, Curve.Points[^1].Step);
        plot.Axes.SetLimitsY(0, 1.05 * Curve.Points.Max(point => point.Loss), plot.Axes.Left);
        plot.Axes.SetLimitsY(0, 1.05, plot.Axes.Right);
        (plot.Axes.Bottom.TickGenerator, plot.Axes.Left.TickGenerator, plot.Axes.Right.TickGenerator) = (FigureFiles.Ticks(), FigureFiles.Ticks(), FigureFiles.Ticks());
        plot.Grid.MajorLineColor = Colors.Black.WithAlpha(0.1);
        plot.YLabel(LossLabel, size: 13);
        plot.XLabel("steps", size: 13);
        plot.Axes.Right.Label.Text = Curve.Columns.Count > 0 ? "accuracy" : "";
        plot.Axes.Right.Label.FontSize = 13;
        plot.Title(Title, size: 14);
        plot.Axes.Title.Label.Bold = plot.Axes.Left.Label.Bold = plot.Axes.Right.Label.Bold = plot.Axes.Bottom.Label.Bold = false;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.FontSize = 12;
        plot.ShowLegend(Edge.Right);
        plot.Font.Set(EmbeddedFont.Name);
        return plot;
    }

    private void AddAccuracy(Plot plot, CurvePoint[] examined, int column)
    {
        var (colour, marker) = Styles[column % Styles.Length];
        var line = plot.Add.Scatter(examined.Select(point => (double)point.Step).ToArray(), examined.Select(point => point.Accuracies[column]).ToArray(), Color.FromHex(colour));
        line.Axes.YAxis = plot.Axes.Right;
        line.LegendText = Curve.Columns[column];
        line.MarkerShape = marker;
        line.MarkerSize = 5;
        line.LineWidth = 1.4f;
    }
}
