using System.Collections.Immutable;

namespace Eckart.Reporting;

/// <summary>What a report is of: one run or several together.</summary>
/// <param name="Runs">At least one.</param>
/// <param name="Episodes">Of all runs, run by run.</param>
public sealed record ReportData(ImmutableArray<RunContents> Runs, ImmutableArray<EpisodeSummary> Episodes)
{
    /// <summary>Trials of all runs.</summary>
    public int Trials => Runs.Sum(run => run.Trials.Count);

    /// <summary>Lines of all runs: trials, or what else was measured.</summary>
    public int Lines => Runs.Sum(run => run.Lines);

    /// <summary>Reads runs.</summary>
    /// <param name="folders">At least one.</param>
    /// <exception cref="Formats.InputException">A folder without a journal, or anything in one that is malformed.</exception>
    public static ReportData Read(IReadOnlyList<string> folders)
    {
        ArgumentNullException.ThrowIfNull(folders);
        ImmutableArray<RunContents> runs = [.. folders.Select(RunContents.Read)];
        if (runs.Length > 1) runs = [.. runs.Index().Select(run => run.Item with { Tag = $"{ReportNumber.Count(run.Index + 1)}-{run.Item.Title}" })];
        return new ReportData(runs, [.. runs.SelectMany(run => EpisodeSummary.Of(run))]);
    }
}
