namespace Eckart.Statistics;

/// <summary>Percentile bootstrap of the means of several numbers an item; of their differences, where each item gives one, it is the paired bootstrap.</summary>
public sealed class MeanBootstrap
{
    private readonly double[][] means;      // of each column, ascending

    private MeanBootstrap(double[][] means) => this.means = means;

    /// <summary>Resamples whole items with replacement.</summary>
    /// <param name="values">(items, columns), row by row; at least one item.</param>
    /// <param name="columns">Numbers of an item.</param>
    /// <param name="seed">Equal seeds give equal intervals, on every machine, and resample equally many items alike.</param>
    /// <param name="draws">Resamples, at least one.</param>
    /// <exception cref="ArgumentException">No items, or numbers that do not fill rows.</exception>
    /// <remarks><b>Source</b>: Efron and Tibshirani 1993, chapter 13. Cost: <paramref name="draws"/> × items random numbers.</remarks>
    public static MeanBootstrap Of(ReadOnlySpan<double> values, int columns, ulong seed = 0, int draws = PairedBootstrap.DefaultDraws)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        if (values.IsEmpty || values.Length % columns != 0) throw new ArgumentException($"Expected at least one row of {columns} numbers, got {values.Length} numbers.", nameof(values));

        var (items, random, sums) = (values.Length / columns, new SplitMix64(seed), new double[columns]);
        double[][] means = [.. Enumerable.Range(0, columns).Select(_ => new double[draws])];
        for (var draw = 0; draw < draws; draw++)
        {
            Array.Clear(sums);
            for (var i = 0; i < items; i++)
            {
                var row = values.Slice(random.Below(items) * columns, columns);
                for (var column = 0; column < sums.Length; column++) sums[column] += row[column];
            }

            for (var column = 0; column < columns; column++) means[column][draw] = sums[column] / items;
        }

        foreach (var column in means) Array.Sort(column);
        return new MeanBootstrap(means);
    }

    /// <summary>Interval of a column's mean.</summary>
    /// <param name="column">Zero-based.</param>
    /// <param name="alpha">One minus the level, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A level outside (0, 1).</exception>
    public Interval Interval(int column, double alpha) => alpha is > 0 and < 1
        ? new Interval(Quantile.Of(means[column], alpha / 2), Quantile.Of(means[column], 1 - (alpha / 2)))
        : throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "A level is a share in (0, 1), e.g. 0.05.");
}
