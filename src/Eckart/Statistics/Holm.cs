namespace Eckart.Statistics;

/// <summary>Holm's correction for having tested several hypotheses.</summary>
public static class Holm
{
    /// <summary>Adjusted p-values: rejecting those at most α keeps the chance of any false rejection at most α.</summary>
    /// <param name="pValues">In any order, each in [0, 1].</param>
    /// <returns>In the order of <paramref name="pValues"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Something that is not a probability.</exception>
    /// <remarks><b>Source</b>: S. Holm, Scandinavian Journal of Statistics 6 (1979). Any dependence between the tests is allowed.</remarks>
    public static double[] Adjust(IReadOnlyList<double> pValues)
    {
        ArgumentNullException.ThrowIfNull(pValues);
        foreach (var p in pValues)
            if (p is not (>= 0 and <= 1))
                throw new ArgumentOutOfRangeException(nameof(pValues), p, "A p-value lies in [0, 1].");

        var adjusted = new double[pValues.Count];
        var running = 0.0;
        foreach (var (rank, index) in Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i]).Index())
            adjusted[index] = running = Math.Max(running, Math.Min(1, (pValues.Count - rank) * pValues[index]));
        return adjusted;
    }
}
