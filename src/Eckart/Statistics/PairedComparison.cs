namespace Eckart.Statistics;

/// <summary>Two models' answers to the same items: what the second gained and lost against the first.</summary>
public sealed record PairedComparison
{
    /// <summary>Checks and keeps the three counts.</summary>
    /// <param name="n">Items, at least one.</param>
    /// <param name="gained">Items that only the second has right.</param>
    /// <param name="lost">Items that only the first has right.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative count, no items, or more changes than items.</exception>
    public PairedComparison(int n, int gained, int lost)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, Math.Max(1, (long)gained + lost));
        (N, Gained, Lost, PValue) = (n, gained, lost, McNemar.Exact(gained, lost));
    }

    /// <summary>Items.</summary>
    public int N { get; }

    /// <summary>Items that only the second has right.</summary>
    public int Gained { get; }

    /// <summary>Items that only the first has right.</summary>
    public int Lost { get; }

    /// <summary>Two-sided exact McNemar p-value of the difference.</summary>
    public double PValue { get; }

    /// <summary>Accuracy of the second less that of the first.</summary>
    public double Difference => (double)(Gained - Lost) / N;

    /// <summary>Compares two lists of predictions item by item.</summary>
    /// <param name="gold">Right choice of each item, at least one.</param>
    /// <param name="before">Predictions of the first, as many.</param>
    /// <param name="after">Predictions of the second, as many.</param>
    /// <exception cref="ArgumentException">No items, or lists of other lengths.</exception>
    public static PairedComparison Of(IReadOnlyList<int> gold, IReadOnlyList<int> before, IReadOnlyList<int> after)
    {
        ArgumentNullException.ThrowIfNull(gold);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if (gold.Count == 0 || gold.Count != before.Count || gold.Count != after.Count)
            throw new ArgumentException($"Expected as many predictions as items, at least one; got {before.Count} and {after.Count} for {gold.Count}.", nameof(gold));

        int gained = 0, lost = 0;
        for (var i = 0; i < gold.Count; i++)
        {
            var (wasRight, isRight) = (before[i] == gold[i], after[i] == gold[i]);
            if (isRight && !wasRight) gained++;
            if (wasRight && !isRight) lost++;
        }

        return new PairedComparison(gold.Count, gained, lost);
    }
}
