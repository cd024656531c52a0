namespace Eckart.Statistics;

/// <summary>Whether numbers come from the standard normal distribution, all of it known beforehand.</summary>
/// <remarks><b>Source</b>: Anderson and Darling 1954; the critical value of a fully specified distribution: Stephens 1974, table 1 (case 0), for five numbers and more.</remarks>
public static class AndersonDarling
{
    /// <summary>What A² exceeds with probability 0.01 where the numbers are standard normal.</summary>
    public const double OnePercent = 3.857;

    /// <summary>A².</summary>
    /// <param name="sample">At least one number; put in order in place.</param>
    /// <exception cref="ArgumentException">No numbers.</exception>
    public static double Statistic(Span<double> sample)
    {
        if (sample.IsEmpty) throw new ArgumentException("Expected at least one number.", nameof(sample));
        sample.Sort();
        var (n, sum) = (sample.Length, 0.0);
        for (var i = 0; i < n; i++) sum += ((2 * i) + 1) * (NormalDistribution.LogLowerTail(sample[i]) + NormalDistribution.LogLowerTail(-sample[n - 1 - i]));
        return -n - (sum / n);
    }
}
