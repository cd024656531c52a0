namespace Eckart.Statistics;

/// <summary>A count of successes out of a count of items, such as an accuracy.</summary>
public readonly record struct Proportion
{
    /// <summary>Checks and wraps both counts.</summary>
    /// <param name="correct">Successes, 0 ≤ correct ≤ n.</param>
    /// <param name="n">Items, at least one.</param>
    /// <exception cref="ArgumentOutOfRangeException">No items, or more successes than items.</exception>
    public Proportion(int correct, int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(correct);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(correct, n);
        (Correct, N) = (correct, n);
    }

    /// <summary>Successes.</summary>
    public int Correct { get; }

    /// <summary>Items.</summary>
    public int N { get; }

    /// <summary>The share itself: successes over <em>all</em> items.</summary>
    public double Value => (double)Correct / N;

    /// <summary>Wilson's score interval: the shares that a two-sided normal test at this level does not reject.</summary>
    /// <param name="alpha">One minus the level, in (0, 1); 0.05 gives the 95 percent interval.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> is outside (0, 1).</exception>
    /// <remarks><b>Source</b>: E. B. Wilson, JASA 22 (1927). No continuity correction. It stays inside [0, 1] and has a width where every item is right.</remarks>
    public Interval WilsonInterval(double alpha)
    {
        var z = NormalDistribution.TwoSidedQuantile(alpha);
        double n = N, share = Value, z2 = z * z;
        var centre = (share + z2 / (2 * n)) / (1 + z2 / n);
        var half = z / (1 + z2 / n) * Math.Sqrt(share * (1 - share) / n + z2 / (4 * n * n));

        // Both ends are exact where nothing or everything is right; the difference of two roots would leave 1e-17.
        return new Interval(Correct == 0 ? 0 : centre - half, Correct == N ? 1 : centre + half);
    }
}
