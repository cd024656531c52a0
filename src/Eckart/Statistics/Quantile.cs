namespace Eckart.Statistics;

/// <summary>Quantiles of a sample.</summary>
internal static class Quantile
{
    /// <summary>Linear interpolation between the two nearest order statistics.</summary>
    /// <param name="ascending">Sorted, at least one.</param>
    /// <param name="share">In [0, 1].</param>
    /// <remarks><b>Source</b>: type 7 of Hyndman and Fan 1996, the default of NumPy and R.</remarks>
    public static double Of(ReadOnlySpan<double> ascending, double share)
    {
        var position = share * (ascending.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, ascending.Length - 1);
        return ascending[below] + (position - below) * (ascending[above] - ascending[below]);
    }
}
