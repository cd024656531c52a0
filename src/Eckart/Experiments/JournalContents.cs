namespace Eckart.Experiments;

/// <summary>What the journals of a run's folder hold: all that a report needs.</summary>
/// <param name="Lines">Each line once, by file in the order of their names, then in the file's order.</param>
/// <param name="Dropped">Bytes of last lines that were cut short, which are not read: 0 unless a writer was stopped, or is writing now.</param>
public sealed record JournalContents(IReadOnlyList<IJournalLine> Lines, long Dropped)
{
    /// <summary>Those that are trials: all of them, but in a plan that measures something else.</summary>
    public IReadOnlyList<Trial> Trials { get; } = [.. Lines.OfType<Trial>()];
}
