using System.Collections.Immutable;
using System.Globalization;
using Eckart.Reporting.Chapters;
using Eckart.Statistics;

namespace Eckart.Reporting;

/// <summary>What a report opens with: what was tried, what came out, what it is worth.</summary>
internal static class Answer
{
    private static readonly string[] Order = [Verdict.Gain, Verdict.GainWithinControl, Verdict.Loss, Verdict.NoChange, Verdict.TooFew, Verdict.Unchanged];

    /// <summary>The place of a verdict, from what a reader hopes for to what says least.</summary>
    public static int PlaceOf(string verdict) => (Array.IndexOf(Order, verdict) + Order.Length + 1) % (Order.Length + 1);

    /// <summary>Sentences, the most important first.</summary>
    public static ImmutableArray<string> Of(ReportData data)
    {
        var sentences = new List<string>();
        sentences.AddRange(AnswerWords.Tried(data));
        var searches = data.Episodes.SelectMany(episode => episode.Searches.Select(search => (Episode: episode, Search: search))).ToArray();
        if (searches.Length > 0) sentences.AddRange(Searched(searches));
        var swept = data.Episodes.Where(episode => !episode.Run.Searches).SelectMany(episode => episode.Splits.Select(split => (Episode: episode, Split: split))).ToArray();
        if (swept.Length > 0) sentences.AddRange(Swept(data, swept));
        sentences.AddRange(OrderChapter.Answers(data));
        sentences.AddRange(data.Runs.Where(run => run.Searches).SelectMany(run => Unjudged(run, [.. data.Episodes.Where(episode => episode.Run == run)])));
        sentences.AddRange(data.Runs.SelectMany(Unfinished));
        return [.. sentences.Where(sentence => sentence.Length > 0)];
    }

    private static IEnumerable<string> Searched((EpisodeSummary Episode, SearchSummary Search)[] searches)
    {
        var verdicts = searches.CountBy(one => one.Search.Verdict).OrderBy(pair => PlaceOf(pair.Key)).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} ({pair.Value})"));
        yield return $"{ReportNumber.Of(searches.Length, "search")}: {string.Join("; ", verdicts)}.";
        var best = searches.Where(one => one.Search.Verdict is Verdict.Gain or Verdict.GainWithinControl).OrderByDescending(one => one.Search.Verdict == Verdict.Gain).ThenByDescending(one => one.Search.Result!.Comparison.Difference).FirstOrDefault();
        if (best.Search?.Result is { } result)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The largest {(best.Search.Verdict == Verdict.Gain ? "gain" : "difference")}: {result.Chosen.Intervention} takes {best.Episode.Model} on {best.Episode.Key.Task} from {result.Before.Accuracy:0.0000} to {result.After.Accuracy:0.0000} of {result.Before.N} test items (exact McNemar p = {PValueText.Of(result.Comparison.PValue)}, corrected {PValueText.Of(best.Search.Corrected!.Value)}); correcting the unedited model's labels gives {best.Search.Control!.Value.Value:0.0000}.");
        else if (searches.Any(one => one.Search.Result is not null)) yield return "No choice was better on test items than chance explains.";
        yield return "Each choice was made on validation items and tested once on others; its control is the unedited model with a bias or a scale a label fitted on the same validation items.";
    }

    // A search's folder holds its choice after other numbers of demonstrations, and whatever other searches left there.
    private static IEnumerable<string> Unjudged(RunContents run, EpisodeSummary[] episodes)
    {
        var judged = episodes.Where(episode => !episode.Searches.IsEmpty).ToArray();
        if (judged.Length == 0 && episodes.Length > 0) yield return $"No choice of {run.Title} can be judged yet: the unedited model's trial on validation items is missing.";
        int[] shots = [.. episodes.Where(episode => episode.Searches.IsEmpty && judged.Any(one => IsAtOtherShots(run, one, episode))).Select(episode => episode.Key.Shots).Distinct().Order()];
        if (shots.Length > 0) yield return $"The unedited model and the choice were tested with {string.Join(", ", shots)} demonstrations too: neither was chosen there, and these tests are no part of the verdict.";
        if (run.Search is not { } search) yield break;
        var others = episodes.Sum(episode => episode.Splits.Sum(split => split.Trials.Count(trial => !(
            judged.Contains(episode) ? IsOf(search, run, trial) : judged.Any(one => IsAtOtherShots(run, one, episode) && (trial.IsUnedited || one.Searches.Any(choice => choice.IsChosen(trial))))))));
        if (others > 0) yield return $"{ReportNumber.Of(others, "trial")} in {run.Title} {(others == 1 ? "is" : "are")} of other searches than the last: shown below, not judged here.";
    }

    private static bool IsAtOtherShots(RunContents run, EpisodeSummary judged, EpisodeSummary other) =>
        run.Plan is { } plan && plan.ByShots.Contains(other.Key.Shots) && other.Key.Shots != judged.Key.Shots && other.Key with { Shots = judged.Key.Shots } == judged.Key && other.Splits.All(split => split.Split == "test");

    private static bool IsOf(Experiments.Plans.PlannedSearch search, RunContents run, TrialSummary trial) =>
        (trial.Trial.Key.Rows == search.Validation || trial.Trial.Key.Rows == search.Test)
        && (trial.IsUnedited || (trial.Truncation is { } edit && edit.Module.Name == search.Module && search.Layers.Contains(edit.Layer) && run.Plan!.Rates.Contains(edit.Rate)));

    private static IEnumerable<string> Swept(ReportData data, (EpisodeSummary Episode, SplitSummary Split)[] swept)
    {
        var compared = swept.Where(one => one.Split.Compared > 0).ToArray();
        if (compared.Length == 0)
        {
            yield return swept.Any(one => one.Split.Unedited is null) ? "Nothing can be compared yet: the unedited model's trial is missing." : "Only the unedited model was run: there is nothing to compare.";
            yield break;
        }

        var (gains, losses) = (Count((g, l) => g > l), Count((g, l) => g < l));
        yield return $"Of {ReportNumber.Of(compared.Sum(one => one.Split.Compared), "comparison")} with the unedited model, {ReportNumber.Of(gains, "gain")} and {ReportNumber.Of(losses, "loss")} are more than chance explains, by the exact McNemar test corrected for all that was tried on the same items.";
        if (ChosenOnValidation.In(data).ToArray() is { Length: > 0 } choices && choices.Any(one => one.IsTested))
        {
            foreach (var sentence in Chosen(choices)) yield return sentence;
            yield break;
        }

        var (episode, split) = compared.Where(one => one.Split.Best?.Comparison is not null).MaxBy(one => one.Split.Best!.Comparison!.Difference);
        if (split?.Best is not { Comparison: { } comparison, Corrected: { } corrected } best) yield break;
        yield return comparison.Difference <= 0 ? "No edit did better than the unedited model."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"The largest difference: {best.Trial.Intervention} takes {episode.Model} on {episode.Key.Task} from {split.Unedited!.Trial.Accuracy:0.0000} to {best.Trial.Accuracy:0.0000} of {split.N} {split.Split} items with {ReportNumber.Of(episode.Key.Shots, "demonstration")} (p = {PValueText.Of(comparison.PValue)}, corrected for {split.Compared}: {PValueText.Of(corrected)}). It is the best of {split.Compared} on the items that it was picked by, so take it as a hint: a search tests its choice on others.");

        int Count(Func<int, int, bool> wanted) => compared.Sum(one => one.Split.Trials.Count(trial => trial.Corrected <= one.Episode.Run.Alpha && wanted(trial.Comparison!.Gained, trial.Comparison.Lost)));
    }

    // Where both splits were swept, nothing need be picked by the items that it is measured on.
    private static IEnumerable<string> Chosen(ChosenOnValidation[] choices)
    {
        var tested = choices.Where(one => one.IsTested).ToArray();
        var corrected = Holm.Adjust([.. tested.Select(one => one.Tested!.Comparison!.PValue)]);
        var (gains, losses) = (Count((gained, lost) => gained > lost), Count((gained, lost) => gained < lost));
        yield return $"Validation items, module by module in each model, task and number of demonstrations, prefer an edit to the unedited model in {ReportNumber.Of(tested.Length, "case")} of {ReportNumber.Count(choices.Length)}. Tested once on other items, {ReportNumber.Of(gains, "gain")} and {ReportNumber.Of(losses, "loss")} of the {ReportNumber.Count(tested.Length)} are more than chance explains (Holm's correction for all of them).";
        var (best, p) = tested.Zip(corrected).MaxBy(one => one.First.Tested!.Comparison!.Difference);
        if (best is not { Tested: { Comparison: { Difference: > 0 } comparison } after, Before: { } before }) yield break;
        var controls = best.Episode.Of("test")!.Controls is { } control ? $" Correcting the unedited model's labels gives {ReportNumber.Share(LabelControls.Right(after.Trial.Gold, control.Better(after.Trial.Gold)).Value)}." : "";
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"The largest difference: {after.Trial.Intervention} takes {best.Episode.Model} on {best.Episode.Key.Task} from {before.Trial.Accuracy:0.0000} to {after.Trial.Accuracy:0.0000} of {after.Trial.N} test items with {ReportNumber.Of(best.Episode.Key.Shots, "demonstration")} (p = {PValueText.Of(comparison.PValue)}, corrected for {tested.Length}: {PValueText.Of(p)}).{controls}");

        int Count(Func<int, int, bool> wanted) => tested.Zip(corrected).Count(one => one.Second <= one.First.Episode.Run.Alpha && wanted(one.First.Tested!.Comparison!.Gained, one.First.Tested.Comparison.Lost));
    }

    private static IEnumerable<string> Unfinished(RunContents run)
    {
        if (run is { IsComplete: false, Status: { } status })
        {
            var shares = status.Shares.Length > 1 ? $", {ReportNumber.Count(status.Shares.Count(share => share.State == Experiments.Plans.ShareState.Done))} of {ReportNumber.Of(status.Shares.Length, "share")} done" : "";
            yield return $"This is not all of {run.Title}: {ReportNumber.Count(run.Lines)} of {(status.Planned is { } planned ? planned.ToString() : "an unknown number of")} trials{shares}{(status.Shares.Any(share => share.State == Experiments.Plans.ShareState.Running) ? ", and it is being run" : "")}.";
        }

        if (run.Dropped > 0) yield return $"A last line of {run.Title}'s journal was cut short, as a writer leaves it that was stopped or is writing: it is left out.";
    }
}
