namespace Eckart.Statistics;

/// <summary>The accuracy of always naming the commonest class: what any result has to beat.</summary>
public static class MajorityRate
{
    /// <summary>Share of the commonest class.</summary>
    /// <param name="gold">Class of each item, at least one.</param>
    /// <exception cref="ArgumentException">No items.</exception>
    public static double Of(IReadOnlyList<int> gold)
    {
        ArgumentNullException.ThrowIfNull(gold);
        if (gold.Count == 0) throw new ArgumentException("A rate of no items is not defined.", nameof(gold));
        return (double)gold.CountBy(label => label).Max(pair => pair.Value) / gold.Count;
    }
}
