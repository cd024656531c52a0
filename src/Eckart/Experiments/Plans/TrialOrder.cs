using Eckart.Pruning;

namespace Eckart.Experiments.Plans;

/// <summary>The order of a finished run's trials, whatever order they were run in: by what they are of, the unedited model first, then by layer, matrices and rate.</summary>
/// <remarks>For one sort: it keeps the notations that it has read, of which each stands in many trials.</remarks>
public sealed class TrialOrder : IComparer<Trial>
{
    private readonly Dictionary<string, Intervention> read = [];

    /// <inheritdoc/>
    public int Compare(Trial? x, Trial? y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        var (a, b) = (x.Key, y.Key);
        return First(
            string.CompareOrdinal(a.Model, b.Model), string.CompareOrdinal(a.Task, b.Task), string.CompareOrdinal(a.Protocol, b.Protocol), a.Seed.CompareTo(b.Seed), a.Shots.CompareTo(b.Shots), Nullable.Compare(a.Order, b.Order),
            string.CompareOrdinal(a.Split, b.Split), Compare(Read(a.Intervention), Read(b.Intervention)), string.CompareOrdinal(x.Id, y.Id));
    }

    private Intervention Read(string notation)
    {
        if (!read.TryGetValue(notation, out var intervention)) read.Add(notation, intervention = Intervention.Parse(notation));
        return intervention;
    }

    private static int Compare(Intervention x, Intervention y) => x.Edits.Zip(y.Edits, Compare).FirstOrDefault(order => order != 0, x.Edits.Length.CompareTo(y.Edits.Length));

    private static int Compare(Edit x, Edit y) => (x, y) switch
    {
        (Truncation a, Truncation b) => First(a.Layer.CompareTo(b.Layer), string.CompareOrdinal(a.Module.Name, b.Module.Name), a.Rate.CompareTo(b.Rate)),
        _ => First(x.Layer.CompareTo(y.Layer), string.CompareOrdinal(x.ToString(), y.ToString())),
    };

    /// <summary>The first order that decides; 0 where none does.</summary>
    internal static int First(params ReadOnlySpan<int> orders)
    {
        foreach (var order in orders)
            if (order != 0) return order;
        return 0;
    }
}
