using Eckart.Pruning;
using Eckart.Search;
using Eckart.Statistics;

namespace Eckart.Reporting;

/// <summary>One search of a run, judged again from the journal.</summary>
/// <param name="Module">What was truncated.</param>
/// <param name="Choice">What validation prefers, as far as it was run.</param>
/// <param name="Result">What the choice is worth; null where it was not tested, or not yet.</param>
/// <param name="Corrected">Its p-value after Holm's correction for all choices that were tested on the same queries; null where there is no test of an edit.</param>
/// <param name="Alpha">Level of its verdict.</param>
public sealed record SearchSummary(Module Module, SearchChoice Choice, SearchResult? Result, double? Corrected, double Alpha)
{
    /// <summary>Whether a trial is of what it chose.</summary>
    public bool IsChosen(TrialSummary trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return trial.Trial.Intervention == Choice.Chosen.Intervention.ToString();
    }

    /// <summary>What it is worth in words, after the correction.</summary>
    public string Verdict => Result is null ? "not tested yet"
        : Statistics.Verdict.Of(!Choice.Chosen.Intervention.IsNone, Result.Comparison, Alpha, Result.BeyondControl, Corrected);

    /// <summary>What correcting the labels gives, at its better: right answers on the test queries.</summary>
    public Proportion? Control => Result is not { } result ? null : LabelControls.Right(result.Before.Gold, result.Controls.Better(result.Before.Gold));
}
