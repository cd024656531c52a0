using System.Globalization;
using System.Net;
using System.Text;
using Eckart.Statistics;
using ScottPlot;

namespace Eckart.Reporting.Page;

/// <summary>An <see cref="AccuracyPanels"/> as SVG elements in the page's own colours; every mark tells its exact numbers where somebody points at it.</summary>
/// <param name="Panels">What to draw.</param>
internal sealed record PageChart(AccuracyPanels Panels)
{
    private const int Width = 330;
    private const int Height = 250;
    private const int Left = 44;
    private const int Right = 10;
    private const int Top = 26;
    private const int Bottom = 44;
    private const double BesideOneAnother = 1.5;
    private const double Apart = 9;             // marks that no line joins
    private const double LetterWidth = 6.2;
    private const int SlantedHeight = 46;       // more than that of upright names

    /// <summary>A row of panels and their legend.</summary>
    public string ToHtml()
    {
        var html = new StringBuilder(Text($"<div class=\"panels\" style=\"--columns:{Panels.Columns}\">"));
        var (names, lowest) = (Panels.Names, Panels.Panels.Min(panel => panel.Lowest));
        foreach (var panel in Panels.Panels) AddPanel(html, panel, names, lowest);
        html.Append("</div><ul class=\"legend\" aria-hidden=\"true\">");
        foreach (var series in Panels.Panels.SelectMany(panel => panel.Series).Where(series => series.Name.Length > 0).DistinctBy(series => series.Name))
            html.Append(Text($"<li><svg width=\"28\" height=\"12\" class=\"{ClassOf(series, names)}\"{StyleOf(series)}>{(series.IsScattered ? "" : "<path class=\"line\" d=\"M0 6H28\"/>")}{Mark(series, names, 14, 6)}</svg> {WebUtility.HtmlEncode(series.Name)}</li>"));
        if (Panels.Panels.Any(panel => panel.Majority is not null)) html.Append("<li><svg width=\"28\" height=\"12\"><path class=\"majority\" d=\"M0 6H28\"/></svg> most frequent answer</li>");
        return html.Append("</ul>").ToString();
    }

    private static void AddPanel(StringBuilder html, AccuracyFigure panel, string[] names, double lowest)
    {
        html.Append(Text($"<svg class=\"chart\" viewBox=\"0 0 {Width} {Height + (IsSlanted(panel) ? SlantedHeight : 0)}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode($"{panel.Title}: accuracy by {panel.XLabel}")}\"><text class=\"title\" x=\"{(Left + Width - Right) / 2}\" y=\"15\">{WebUtility.HtmlEncode(panel.Title)}</text>"));
        AddAxes(html, panel, lowest);
        if (panel.Majority is { } majority) html.Append(Text($"<path class=\"majority\" d=\"M{Left} {Y(majority):0.#}H{Width - Right}\"><title>always the most frequent answer: {majority:0.0000}</title></path>"));
        foreach (var series in panel.Series.Where(series => series is { IsBaseline: true, IsScattered: false })) AddBand(html, panel, series);
        foreach (var series in panel.Series.OrderBy(series => series.IsBaseline ? 2 : series.Name.Length == 0 ? 0 : 1)) AddSeries(html, panel, series, names);
        html.Append("</svg>");

        double Y(double value) => YOf(value, lowest);

        void AddBand(StringBuilder to, AccuracyFigure figure, AccuracySeries series)
        {
            var points = series.Values.Index().Where(one => one.Item is not null).Select(one => (X: XOf(one.Index, figure), Interval: one.Item!.Value.WilsonInterval(figure.Alpha))).ToArray();
            if (points.Length < 2) return;
            var upper = points.Select(point => Text($"{point.X:0.#} {Y(point.Interval.High):0.#}"));
            var lower = points.Reverse().Select(point => Text($"{point.X:0.#} {Y(point.Interval.Low):0.#}"));
            to.Append(Text($"<path class=\"band\" d=\"M{string.Join('L', upper.Concat(lower))}Z\"/>"));
        }

        void AddSeries(StringBuilder to, AccuracyFigure figure, AccuracySeries series, string[] all)
        {
            var points = series.Values.Index().Where(one => one.Item is not null).Select(one => (one.Index, Value: one.Item!.Value)).ToArray();
            if (points.Length == 0) return;
            var place = AccuracyPlot.PlaceOf(series, all) ?? 0;
            var aside = series.IsScattered ? Apart * (place - 1) : series.Depth is null ? BesideOneAnother * place : 0;
            to.Append(Text($"<g class=\"{ClassOf(series, all)}\"{StyleOf(series)}>"));
            if (!series.IsScattered) to.Append(Text($"<path class=\"line\" d=\"M{string.Join('L', points.Select(point => Text($"{XOf(point.Index, figure) + aside:0.#} {Y(point.Value.Value):0.#}")))}\"><title>{WebUtility.HtmlEncode(series.Name.Length > 0 ? series.Name : "another")}</title></path>"));
            if (series.Name.Length > 0)
                foreach (var (index, value) in points) AddPoint(to, figure, series, all, (index, value, aside));
            to.Append("</g>");
        }

        void AddPoint(StringBuilder to, AccuracyFigure figure, AccuracySeries series, string[] all, (int Index, Proportion Value, double Aside) point)
        {
            var (x, interval) = (XOf(point.Index, figure) + point.Aside, point.Value.WilsonInterval(figure.Alpha));
            if (series.Depth is null && (!series.IsBaseline || series.IsScattered)) to.Append(Text($"<path class=\"bar\" d=\"M{x:0.#} {Y(interval.Low):0.#}V{Y(interval.High):0.#}\"/>"));
            to.Append(Text($"<g>{Mark(series, all, x, Y(point.Value.Value))}<title>{WebUtility.HtmlEncode($"{series.Name}, {figure.Positions[point.Index]}")}: {point.Value.Correct} of {point.Value.N} = {point.Value.Value:0.0000}, {ReportNumber.Level(figure.Alpha)} interval {ReportNumber.Range(interval)}</title></g>"));
        }
    }

    private static void AddAxes(StringBuilder html, AccuracyFigure panel, double lowest)
    {
        for (var step = (int)Math.Ceiling(lowest * 10); step <= 10; step++)
        {
            var y = YOf(step / 10.0, lowest);
            html.Append(Text($"<path class=\"grid\" d=\"M{Left} {y:0.#}H{Width - Right}\"/>"));
            if (lowest > 0.5 || step % 2 == 0) html.Append(Text($"<text class=\"tick\" x=\"{Left - 6}\" y=\"{y + 4:0.#}\" text-anchor=\"end\">{step / 10.0:0.0}</text>"));
        }

        var slanted = IsSlanted(panel);
        foreach (var (i, name) in panel.Positions.Index())
            if (i % Every(panel) == 0) html.Append(slanted ? Text($"<text class=\"tick\" transform=\"translate({XOf(i, panel) + 4:0.#} {Height - Bottom + 14}) rotate(-35)\" text-anchor=\"end\">{WebUtility.HtmlEncode(Cut(name, 16))}</text>") : Text($"<text class=\"tick\" x=\"{XOf(i, panel):0.#}\" y=\"{Height - Bottom + 15}\" text-anchor=\"middle\">{WebUtility.HtmlEncode(Cut(name, 10))}</text>"));
        html.Append(Text($"<text class=\"label\" x=\"{(Left + Width - Right) / 2}\" y=\"{Height + (slanted ? SlantedHeight : 0) - 8}\">{WebUtility.HtmlEncode(panel.XLabel)}</text>"));
    }

    // Names that would run into one another.
    private static bool IsSlanted(AccuracyFigure panel) =>
        panel.Positions.Index().Where(one => one.Index % Every(panel) == 0).Max(one => Cut(one.Item, 10).Length) * LetterWidth > (XOf(1, panel) - XOf(0, panel)) * Every(panel);

    private static int Every(AccuracyFigure panel) => (panel.Positions.Length + 8) / 9;

    private static string Mark(AccuracySeries series, string[] names, double x, double y)
    {
        if (series.Depth is not null || series is { IsBaseline: true, IsScattered: false }) return Text($"<circle class=\"hit\" cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"4\"/>");
        return SeriesStyle.Of(series, AccuracyPlot.PlaceOf(series, names) ?? 0).Marker switch
        {
            MarkerShape.FilledSquare => Text($"<path class=\"mark\" d=\"M{x - 3.5:0.#} {y - 3.5:0.#}h7v7h-7Z\"/>"),
            MarkerShape.FilledTriangleUp => Text($"<path class=\"mark\" d=\"M{x:0.#} {y - 4.5:0.#}l4.5 8h-9Z\"/>"),
            MarkerShape.FilledTriangleDown => Text($"<path class=\"mark\" d=\"M{x:0.#} {y + 4.5:0.#}l4.5 -8h-9Z\"/>"),
            MarkerShape.FilledDiamond => Text($"<path class=\"mark\" d=\"M{x:0.#} {y - 5:0.#}l4.5 5l-4.5 5l-4.5 -5Z\"/>"),
            MarkerShape.OpenCircle => Text($"<circle class=\"mark open\" cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"3.5\"/>"),
            _ => Text($"<circle class=\"mark\" cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"3.5\"/>"),
        };
    }

    private static string ClassOf(AccuracySeries series, string[] names) =>
        (series.Depth is not null ? "ramp" : AccuracyPlot.PlaceOf(series, names) is { } place ? Text($"c{place % SeriesStyle.Most}") : "other") + (series.IsBaseline ? " baseline" : "");

    private static string StyleOf(AccuracySeries series) => series.Depth is null ? "" : $" style=\"--c:{SeriesStyle.Of(series, 0).Colour}\"";

    private static double XOf(int index, AccuracyFigure panel) => Left + 8 + ((index + 0.5) * (Width - Left - Right - 16) / panel.Positions.Length);

    private static double YOf(double value, double lowest) => Top + ((1.02 - value) * (Height - Top - Bottom) / (1.02 - lowest));

    private static string Cut(string name, int most) => name.Length <= most ? name : string.Concat(name.AsSpan(0, most - 1), "…");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
