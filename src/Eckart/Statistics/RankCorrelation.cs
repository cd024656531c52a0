namespace Eckart.Statistics;

/// <summary>Whether two lists of numbers rise together.</summary>
public static class RankCorrelation
{
    /// <summary>Spearman's ρ: the correlation of ranks, equal numbers sharing their mean rank.</summary>
    /// <param name="left">At least two numbers.</param>
    /// <param name="right">As many.</param>
    /// <returns>From −1 to 1; NaN where all numbers of a list are equal.</returns>
    /// <exception cref="ArgumentException">Lists of different lengths, or of fewer than two.</exception>
    /// <remarks><b>Source</b>: Spearman 1904.</remarks>
    public static double Spearman(IReadOnlyList<double> left, IReadOnlyList<double> right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (left.Count != right.Count || left.Count < 2) throw new ArgumentException($"Expected two lists of equal length, at least two, found {left.Count} and {right.Count}.", nameof(right));
        double[] x = Ranks(left), y = Ranks(right);
        double mean = (left.Count - 1) / 2.0, xy = 0, xx = 0, yy = 0;
        for (var i = 0; i < x.Length; i++) (xy, xx, yy) = (xy + ((x[i] - mean) * (y[i] - mean)), xx + ((x[i] - mean) * (x[i] - mean)), yy + ((y[i] - mean) * (y[i] - mean)));
        return xy / Math.Sqrt(xx * yy);
    }

    private static double[] Ranks(IReadOnlyList<double> numbers) =>
        [.. numbers.Select(number => numbers.Count(other => other < number) + ((numbers.Count(other => other == number) - 1) / 2.0))];
}
