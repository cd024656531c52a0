namespace Eckart.Statistics;

/// <summary>Percentile bootstrap of the difference of two accuracies on the same items.</summary>
public static class PairedBootstrap
{
    /// <summary>Resamples unless told otherwise.</summary>
    public const int DefaultDraws = 10_000;

    /// <summary>Interval of <see cref="PairedComparison.Difference"/> over resamples of the items, drawn with replacement.</summary>
    /// <param name="comparison">The two models' answers.</param>
    /// <param name="alpha">One minus the level, in (0, 1).</param>
    /// <param name="seed">Equal seeds give equal intervals, on every machine.</param>
    /// <param name="draws">Resamples, at least one.</param>
    /// <exception cref="ArgumentOutOfRangeException">A level outside (0, 1), or no draws.</exception>
    /// <remarks><b>Source</b>: Efron and Tibshirani 1993, chapter 13. An item enters a resample's difference only as +1 (gained), −1 (lost)
    /// or 0, so that the three counts are all of the data that it takes. Cost: <paramref name="draws"/> × N random numbers.</remarks>
    public static Interval Of(PairedComparison comparison, double alpha, ulong seed = 0, int draws = DefaultDraws)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        if (alpha is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "A level is a share in (0, 1), e.g. 0.05.");

        var random = new SplitMix64(seed);
        var differences = new double[draws];
        for (var draw = 0; draw < draws; draw++) differences[draw] = (double)Resample(comparison, random) / comparison.N;

        Array.Sort(differences);
        return new Interval(Quantile.Of(differences, alpha / 2), Quantile.Of(differences, 1 - alpha / 2));
    }

    private static int Resample(PairedComparison comparison, SplitMix64 random)
    {
        var (n, gained, changed) = (comparison.N, comparison.Gained, comparison.Gained + comparison.Lost);
        var sum = 0;
        for (var i = 0; i < n; i++)
        {
            var item = random.Below(n);
            if (item < gained) sum++;
            else if (item < changed) sum--;
        }

        return sum;
    }
}
