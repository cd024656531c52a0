using Eckart.Experiments;
using Eckart.Pruning;
using Eckart.Search;

namespace Eckart.Reporting.Chapters;

/// <summary>Of a sweep over both splits, what validation would have chosen of one module, and its test.</summary>
/// <param name="Episode">Where.</param>
/// <param name="Module">Whose truncations.</param>
/// <param name="Chosen">The best on validation.</param>
/// <param name="Unedited">The unedited model on validation.</param>
internal sealed record ChosenOnValidation(EpisodeSummary Episode, Module Module, Candidate Chosen, Trial Unedited)
{
    /// <summary>The chosen rate; 0 where the unedited model is best.</summary>
    public ClippingRate Rate => Chosen.Rate;

    /// <summary>The choice on the test items; null where it was not run, or not yet.</summary>
    public TrialSummary? Tested => Test(Chosen.Intervention.ToString());

    /// <summary>Whether an edit was chosen and its test can be compared.</summary>
    public bool IsTested => !Rate.IsZero && Tested?.Comparison is not null;

    /// <summary>The unedited model on the test items; null where it was not run, or not yet.</summary>
    public TrialSummary? Before => Episode.Of("test")?.Unedited;

    /// <summary>An intervention on the test items; null where it was not run, or not yet.</summary>
    public TrialSummary? Test(string intervention) => Episode.Of("test")?.Trials.FirstOrDefault(one => one.Trial.Intervention == intervention);

    /// <summary>The test of some rate of the module, in the layer that was chosen or, where nothing was, any of the module's.</summary>
    public TrialSummary? TestAt(ClippingRate rate) => rate.IsZero ? Before
        : Episode.Of("test")?.Trials.FirstOrDefault(one => one.Truncation is { } edit && edit.Module == Module && edit.Rate == rate && (Chosen.Layer is null || edit.Layer == Chosen.Layer));

    /// <summary>Every episode of which both splits were swept, module by module.</summary>
    public static IEnumerable<ChosenOnValidation> In(ReportData data) =>
        from episode in data.Episodes
        where episode.Run.Plan is { Searches: false, Split: "both" } && episode.Of("validation") is not null
        from module in episode.Of("validation")!.Modules
        let tried = SearchChoice.TriedIn(episode.Splits.SelectMany(split => split.Trials.Select(one => one.Trial)), edit => edit.Module == module)
        where tried is not null
        select new ChosenOnValidation(episode, module, SearchChoice.Of(tried, episode.Run.MetricOf(tried[0].Trial), pointed: null).Chosen, tried[0].Trial);
}
