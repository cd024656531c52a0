using System.Text.Json.Serialization;

namespace Eckart.Pruning;

/// <summary>What the singular values of a matrix say about it.</summary>
/// <param name="Largest">σ₁.</param>
/// <param name="Smallest">The last of the min(m, n) singular values.</param>
/// <param name="Condition">σ₁ over the smallest; null where that is 0 (or so small that the ratio is no number): it ranks as infinite.</param>
/// <param name="StableRank">‖A‖²_F / σ₁², 0 for the zero matrix.</param>
/// <param name="EffectiveRank">exp of the entropy of σ / Σσ, 0 for the zero matrix.</param>
/// <param name="RankOf90PercentEnergy">Fewest singular values whose squares make up 90 percent of ‖A‖²_F.</param>
/// <param name="MarchenkoPasturEdge">Largest singular value expected of noise: entry standard deviation × (√m + √n).</param>
/// <param name="AboveEdge">Singular values above that edge.</param>
/// <param name="LaserRmtThreshold">laserRMT's threshold, which is another quantity than the edge: interquartile range of σ / 1.349 × (1 + √(min / max)).</param>
/// <remarks><b>Source</b>: effective rank: Roy and Vetterli 2007. Edge: Marchenko and Pastur 1967. Threshold: the published laserRMT code,
/// quartiles by linear interpolation.</remarks>
public sealed record SpectralSummary(
    double Largest, double Smallest, double? Condition, double StableRank, double EffectiveRank,
    [property: JsonPropertyName("rank_of_90_percent_energy")] int RankOf90PercentEnergy, double MarchenkoPasturEdge, int AboveEdge, double LaserRmtThreshold)
{
    /// <summary>Summarises a spectrum.</summary>
    /// <param name="singularValues">All min(m, n) of them, descending, finite.</param>
    /// <param name="m">Rows, at least one.</param>
    /// <param name="n">Columns, at least one.</param>
    /// <param name="entryStandardDeviation">Of the matrix's entries about their mean, divided by their number.</param>
    /// <exception cref="ArgumentException">Another number of values, or values that are negative, not finite or not in order.</exception>
    public static SpectralSummary Of(ReadOnlySpan<double> singularValues, long m, long n, double entryStandardDeviation)
    {
        Check(singularValues, m, n, entryStandardDeviation);
        double[] ascending = [.. singularValues];
        Array.Reverse(ascending);
        var (largest, smallest) = (ascending[^1], ascending[0]);
        var condition = largest / smallest;
        var edge = entryStandardDeviation * (Math.Sqrt(m) + Math.Sqrt(n));
        var spread = Quartile(ascending, 3) - Quartile(ascending, 1);

        return new SpectralSummary(
            largest,
            smallest,
            double.IsFinite(condition) ? condition : null,
            largest == 0 ? 0 : ascending.Sum(value => value / largest * (value / largest)),
            largest == 0 ? 0 : EffectiveRankOf(ascending),
            RankOfEnergy(ascending, 0.9),
            edge,
            ascending.Count(value => value > edge),
            spread / 1.349 * (1 + Math.Sqrt((double)Math.Min(m, n) / Math.Max(m, n))));
    }

    /// <summary>exp of the entropy of σ / Σσ.</summary>
    /// <param name="values">Singular values in any order, not all 0.</param>
    internal static double EffectiveRankOf(double[] values)
    {
        var sum = values.Sum();
        return Math.Exp(-values.Where(value => value > 0).Sum(value => value / sum * Math.Log(value / sum)));
    }

    private static int RankOfEnergy(double[] ascending, double share)
    {
        var wanted = share * ascending.Sum(value => value * value);
        var rank = 0;
        for (var energy = 0.0; energy < wanted; rank++) energy += ascending[^(rank + 1)] * ascending[^(rank + 1)];
        return rank;
    }

    // Linear between the two nearest, as NumPy's percentiles.
    private static double Quartile(double[] ascending, int quarter)
    {
        var position = quarter / 4.0 * (ascending.Length - 1);
        var below = (int)position;
        return ascending[below] + ((position - below) * (ascending[Math.Min(below + 1, ascending.Length - 1)] - ascending[below]));
    }

    private static void Check(ReadOnlySpan<double> values, long m, long n, double entryStandardDeviation)
    {
        if (values.IsEmpty || values.Length != Math.Min(m, n))
            throw new ArgumentException($"Expected min({m}, {n}) singular values, at least one; got {values.Length}.", nameof(values));
        if (!(double.IsFinite(entryStandardDeviation) && entryStandardDeviation >= 0))
            throw new ArgumentException($"A standard deviation is not {entryStandardDeviation}.", nameof(entryStandardDeviation));
        for (var i = 0; i < values.Length; i++)
            if (!double.IsFinite(values[i]) || values[i] < 0 || (i > 0 && values[i] > values[i - 1]))
                throw new ArgumentException($"Singular value {i} is {values[i]}: expected finite, descending values from 0 up.", nameof(values));
    }
}
