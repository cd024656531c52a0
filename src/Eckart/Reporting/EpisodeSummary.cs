using System.Collections.Immutable;
using Eckart.Experiments;
using Eckart.Pruning;
using Eckart.Search;
using Eckart.Statistics;
using Eckart.Tasks;

namespace Eckart.Reporting;

/// <summary>A model at a task under one seed: all of a run's trials on the same demonstrations.</summary>
/// <param name="Run">Where they are from.</param>
/// <param name="Model">Name of the model.</param>
/// <param name="Key">What they have in common; split, rows and intervention are empty.</param>
/// <param name="Splits">At least one.</param>
/// <param name="Searches">A module each, where the run searches.</param>
public sealed record EpisodeSummary(RunContents Run, string Model, TrialKey Key, ImmutableArray<SplitSummary> Splits, ImmutableArray<SearchSummary> Searches)
{
    /// <summary>The split with this name; null where nothing was run on it.</summary>
    public SplitSummary? Of(string split) => Splits.FirstOrDefault(one => one.Split == split);

    /// <summary>What correcting the unedited model's labels gives on the test queries; null where it was not run on validation and on test, or choices vary in number.</summary>
    public LabelControls? Controls { get; init; }

    /// <summary>The episodes of a run, in its order.</summary>
    public static ImmutableArray<EpisodeSummary> Of(RunContents run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return [.. run.Trials.GroupBy(trial => trial.Key with { Split = "", Rows = "", Intervention = "" }).AsParallel().AsOrdered().Select(group => Of(run, group.Key, [.. group]))];
    }

    private static EpisodeSummary Of(RunContents run, TrialKey key, Trial[] trials)
    {
        ImmutableArray<SplitSummary> splits = [.. trials.GroupBy(trial => (trial.Split, trial.Key.Rows), (_, same) => SplitSummary.Of([.. same]))];
        var controlled = splits is [{ Split: "test", Unedited: not null }, { Split: "validation", Unedited: not null }]
            && splits.SelectMany(split => split.Unedited!.Trial.Scores).All(row => row.Length == trials[0].Scores[0].Length);
        return new EpisodeSummary(run, run.ModelOf(trials[0]), key, splits, run.Searches && (controlled || splits.Length == 1) ? Search(run, trials) : [])
        {
            Controls = controlled ? LabelControls.Fit(splits[1].Unedited!.Trial.Gold, splits[1].Unedited!.Trial.Scores, splits[0].Unedited!.Trial.Scores) : null,
        };
    }

    private static ImmutableArray<SearchSummary> Search(RunContents run, Trial[] trials)
    {
        var onTest = trials.Where(trial => trial.Split == "test").ToDictionary(trial => Intervention.Parse(trial.Intervention));
        var metric = ItemTexts.Read(run.Folder, trials[0])?.Metric ?? Metric.Accuracy;
        var modules = run.Plan?.Modules ?? SplitSummary.Of(trials.Where(trial => trial.Split == "validation").DefaultIfEmpty(trials[0]).ToArray()).Modules;
        var searches = new List<(Module Module, SearchChoice Choice, SearchResult? Result)>();
        foreach (var module in modules)
        {
            if (SearchChoice.TriedIn(trials, module) is not { } tried) continue;
            var choice = SearchChoice.Of(tried, metric, pointed: null);
            searches.Add((module, choice, SearchResult.Of(choice, onTest.GetValueOrDefault, TrialSummary.Alpha)));
        }

        var corrected = new Queue<double>(Holm.Adjust([.. searches.Where(IsTested).Select(search => search.Result!.Comparison.PValue)]));
        return [.. searches.Select(search => new SearchSummary(search.Module, search.Choice, search.Result, IsTested(search) ? corrected.Dequeue() : null))];
    }

    private static bool IsTested((Module Module, SearchChoice Choice, SearchResult? Result) search) => search.Result is { } && !search.Choice.Chosen.Intervention.IsNone;
}
