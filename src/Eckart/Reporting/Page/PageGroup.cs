using Eckart.Statistics;

namespace Eckart.Reporting.Page;

/// <summary>Trials on the same items, as the page's script has them together.</summary>
/// <param name="Episode">Where they belong.</param>
/// <param name="Split">The items.</param>
internal sealed record PageGroup(EpisodeSummary Episode, SplitSummary Split)
{
    /// <summary>What the control gives on these items, in words; null where there is none.</summary>
    public string? Control
    {
        get
        {
            if (Split.Split != "test" || Split.Controls is not { } controls) return null;
            var gold = Split.Trials[0].Trial.Gold;
            return $"Control: the unedited model with its labels corrected on validation items has {Right(controls.Bias)} right by a bias, {Right(controls.Affine)} by an affine map.";

            string Right(IReadOnlyList<int> predictions) => ReportNumber.Count(LabelControls.Right(gold, predictions).Correct);
        }
    }

    /// <summary>Whether a search chose it.</summary>
    public bool IsChosen(TrialSummary trial) => Episode.Searches.Any(search => search.IsChosen(trial));

    /// <summary>For each query, whether a trial that is kept changed its prediction.</summary>
    public bool[] Changed(HashSet<TrialSummary> kept)
    {
        var changed = new bool[Split.N];
        if (Split.Unedited is not { } unedited) return changed;
        var before = unedited.Trial.Predictions();
        foreach (var trial in Split.Trials.Where(kept.Contains))
            foreach (var (query, prediction) in trial.Trial.Predictions().Index()) changed[query] |= prediction != before[query];
        return changed;
    }
}
