using System.Collections.Immutable;
using Eckart.Experiments;
using Eckart.Formats;
using Eckart.Pruning;
using Eckart.Search;
using Eckart.Statistics;

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

    /// <summary>The episodes of a run, in its order.</summary>
    /// <exception cref="InputException">Anything in the run's folder that is malformed.</exception>
    public static ImmutableArray<EpisodeSummary> Of(RunContents run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var engine = run.Search is { } search ? run.Trials.Where(search.Is).Select(trial => trial.Key.Engine).DefaultIfEmpty().Max() : 0;
        try
        {
            return [.. run.Trials.GroupBy(trial => trial.Key with { Split = "", Rows = "", Intervention = "" }).AsParallel().AsOrdered().Select(group => Of(run, group.Key, [.. group], engine))];
        }
        catch (AggregateException several) when (several.InnerExceptions.OfType<InputException>().FirstOrDefault() is { } first)
        {
            throw first;
        }
    }

    private static EpisodeSummary Of(RunContents run, TrialKey key, Trial[] trials, int engine)
    {
        ImmutableArray<SplitSummary> splits = [.. trials.GroupBy(trial => (trial.Split, trial.Key.Rows), (_, same) => SplitSummary.Of([.. same], run.Alpha))];
        if (run.Search is { } only && !(only.Is(trials[0]) && key.Engine == engine)) return new EpisodeSummary(run, run.ModelOf(trials[0]), key, splits, []);       // of another search

        // Where rows of one name differ, only what was written down tells which belong together.
        var (validation, test) = (Rows("validation", run.Search?.Validation), Rows("test", run.Search?.Test));
        if (LabelControls(validation, test) is { } controls) splits = splits.Replace(test!, test = test! with { Controls = controls });
        return new EpisodeSummary(run, run.ModelOf(trials[0]), key, splits, run.Searches && validation is not null ? Search(run, validation, test) : []);

        SplitSummary? Rows(string split, string? digest) => splits.Where(one => one.Split == split && (digest is null || one.Trials[0].Trial.Key.Rows == digest)).ToArray() is [var one] ? one : null;
    }

    // Choices that vary in number have no labels to correct.
    private static LabelControls? LabelControls(SplitSummary? validation, SplitSummary? test)
    {
        if (validation?.Unedited?.Trial is not { } fitted || test?.Unedited?.Trial is not { } applied) return null;
        var choices = fitted.Scores[0].Length;
        return fitted.Scores.Concat(applied.Scores).All(row => row.Length == choices) ? Statistics.LabelControls.Fit(fitted.Gold, fitted.Scores, applied.Scores) : null;
    }

    private static ImmutableArray<SearchSummary> Search(RunContents run, SplitSummary validation, SplitSummary? test)
    {
        Trial[] tries = [.. validation.Trials.Select(one => one.Trial)];
        if (test is { Controls: null, Unedited: not null }) return [];      // cannot be judged
        var onTest = (test?.Trials ?? []).ToDictionary(one => Intervention.Parse(one.Trial.Intervention), one => one.Trial);
        var searches = new List<(Module Module, SearchChoice Choice, SearchResult? Result)>();
        foreach (var module in run.Plan?.Modules ?? validation.Modules)
        {
            if (SearchChoice.TriedIn(tries, edit => edit.Module == module && IsTried(run, edit)) is not { } tried) continue;
            var choice = SearchChoice.Of(tried, run.MetricOf(tries[0]), pointed: null);
            searches.Add((module, choice, SearchResult.Of(choice, onTest.GetValueOrDefault, run.Alpha)));
        }

        var corrected = new Queue<double>(Holm.Adjust([.. searches.Where(IsTested).Select(search => search.Result!.Comparison.PValue)]));
        return [.. searches.Select(search => new SearchSummary(search.Module, search.Choice, search.Result, IsTested(search) ? corrected.Dequeue() : null, run.Alpha))];
    }

    // What else stands on the same rows is of another search.
    private static bool IsTried(RunContents run, Truncation edit) =>
        (run.Search is not { } search || search.Layers.Contains(edit.Layer)) && (run.Plan is not { } plan || plan.Rates.Contains(edit.Rate));

    private static bool IsTested((Module Module, SearchChoice Choice, SearchResult? Result) search) => search.Result is { } && !search.Choice.Chosen.Intervention.IsNone;
}
