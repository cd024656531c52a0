namespace Eckart.Reporting;

/// <summary>A line cut into dashes: the SVG files of the drawing library have a line's own pattern left out.</summary>
internal static class Dashes
{
    /// <summary>The dashes along a line, with NaN between one and the next.</summary>
    /// <param name="xs">Of its points, ascending.</param>
    /// <param name="ys">As many.</param>
    /// <param name="dash">Length of one, along x; above 0.</param>
    /// <param name="gap">Between two, along x; above 0.</param>
    public static (double[] Xs, double[] Ys) Along(IReadOnlyList<double> xs, IReadOnlyList<double> ys, double dash, double gap)
    {
        var (dashX, dashY) = (new List<double>(), new List<double>());
        if (xs.Count == 0) return ([], []);
        for (var from = xs[0]; from < xs[^1]; from += dash + gap)
        {
            var to = Math.Min(from + dash, xs[^1]);
            foreach (var x in xs.Where(x => x > from && x < to).Prepend(from).Append(to))
            {
                dashX.Add(x);
                dashY.Add(At(x));
            }

            dashX.Add(double.NaN);
            dashY.Add(double.NaN);
        }

        return ([.. dashX], [.. dashY]);

        double At(double x)
        {
            var next = Math.Max(1, Enumerable.Range(0, xs.Count).First(i => xs[i] >= x));
            return ys[next - 1] + ((ys[next] - ys[next - 1]) * (x - xs[next - 1]) / (xs[next] - xs[next - 1]));
        }
    }
}
