using ScottPlot;

namespace Eckart.Reporting;

/// <summary>How a series looks, in files and on the page.</summary>
/// <param name="Colour">As <c>#0072B2</c>.</param>
/// <param name="Marker">Its mark; none where lines are many.</param>
/// <remarks>Colours of its own: Okabe and Ito 2008, told apart with any colour vision; marks differ too, for print without colour. The ramp: cividis (Nuñez, Anderton and Renslow 2018),
/// whose lightness rises evenly, cut short of its lightest yellow, which would be lost on white.</remarks>
internal readonly record struct SeriesStyle(string Colour, MarkerShape Marker)
{
    private static readonly SeriesStyle[] Own =
    [
        new("#000000", MarkerShape.OpenCircle),
        new("#0072B2", MarkerShape.FilledCircle),
        new("#D55E00", MarkerShape.FilledSquare),
        new("#009E73", MarkerShape.FilledTriangleUp),
        new("#CC79A7", MarkerShape.FilledTriangleDown),
        new("#E69F00", MarkerShape.FilledDiamond),
    ];

    private static readonly (int R, int G, int B)[] Ramp = [(0, 34, 78), (47, 71, 107), (87, 92, 109), (124, 123, 120), (162, 153, 112), (202, 184, 93)];

    /// <summary>Series that can have a name and a colour of their own.</summary>
    public static int Most => Own.Length;

    /// <summary>The style of a series.</summary>
    /// <param name="series">Has a name, or a depth.</param>
    /// <param name="place">Among the series of a figure that have colours of their own.</param>
    public static SeriesStyle Of(AccuracySeries series, int place) => series.Depth is { } depth ? new SeriesStyle(AtDepth(depth), MarkerShape.None) : Own[place % Own.Length];

    private static string AtDepth(double depth)
    {
        var at = Math.Clamp(depth, 0, 1) * (Ramp.Length - 1);
        var from = Math.Min((int)at, Ramp.Length - 2);
        var (a, b, share) = (Ramp[from], Ramp[from + 1], at - from);
        return $"#{Mixed(a.R, b.R):X2}{Mixed(a.G, b.G):X2}{Mixed(a.B, b.B):X2}";

        int Mixed(int x, int y) => (int)Math.Round(x + (share * (y - x)));
    }
}
