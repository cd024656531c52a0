namespace Eckart.Experiments;

/// <summary>What the journals of a run's folder hold: all that a report needs.</summary>
/// <param name="Trials">Each trial once, by file in the order of their names, then in the file's order.</param>
/// <param name="Dropped">Bytes of last lines that were cut short, which are not read: 0 unless a writer was stopped, or is writing now.</param>
public sealed record JournalContents(IReadOnlyList<Trial> Trials, long Dropped);
