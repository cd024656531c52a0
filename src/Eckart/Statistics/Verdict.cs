namespace Eckart.Statistics;

/// <summary>What a result supports, in words.</summary>
public static class Verdict
{
    /// <summary>Validation chose rate 0, so that there is nothing to compare.</summary>
    public const string Unchanged = "unchanged: no rate did better on validation";

    /// <summary>Even if every item had changed for the better, chance could not be ruled out at this level.</summary>
    public const string TooFew = "too few items to tell";

    /// <summary>Chance explains the difference.</summary>
    public const string NoChange = "no significant change";

    /// <summary>More was lost than chance explains.</summary>
    public const string Loss = "significant loss";

    /// <summary>More was gained than chance, and relabelling where that was tried, explains.</summary>
    public const string Gain = "significant gain";

    /// <summary>More was gained than chance explains, but a correction of the labels alone may give as much.</summary>
    public const string GainWithinControl = "significant gain, but no more than a bias or a scale on the labels gives";

    /// <summary>The verdict on a truncated model against the unedited one.</summary>
    /// <param name="chosen">Whether validation chose to edit anything at all.</param>
    /// <param name="comparison">Unedited against truncated, on the test items.</param>
    /// <param name="alpha">Level of the test, in (0, 1): a p-value of at most this is significant.</param>
    /// <param name="beyondControl">Interval of the truncated model's accuracy less the better control's; null where no control ran.</param>
    /// <param name="corrected">The comparison's p-value corrected for having tried several edits; null where this was the only one.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> is outside (0, 1).</exception>
    public static string Of(bool chosen, PairedComparison comparison, double alpha, Interval? beyondControl = null, double? corrected = null)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        if (alpha is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "A level is a share in (0, 1), e.g. 0.05.");

        if (!chosen) return Unchanged;
        if (McNemar.Exact(comparison.N, 0) > alpha) return TooFew;
        if ((corrected ?? comparison.PValue) > alpha) return NoChange;
        if (comparison.Gained < comparison.Lost) return Loss;
        return beyondControl is { Low: <= 0 } ? GainWithinControl : Gain;
    }
}
