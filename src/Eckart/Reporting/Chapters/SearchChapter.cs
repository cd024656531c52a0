using System.Collections.Immutable;
using System.Globalization;
using Eckart.Statistics;

namespace Eckart.Reporting.Chapters;

/// <summary>What Algorithm 1 chose, before and after, each beside its test and its control: the paper's Figure 4.</summary>
internal sealed class SearchChapter : IReportChapter
{
    private static readonly ImmutableArray<string> Columns =
        ["model", "task", "protocol", "module", "choice", "verdict", "before", "after", "n", "gained, lost", "p", "p corrected", "bias fitted", "affine fitted", "beyond control", "layers", "tried", "on validation", "shots", "seed"];

    public IEnumerable<ReportSection> Of(ReportData data)
    {
        var searches = data.Episodes.SelectMany(episode => episode.Searches.Select(search => (Episode: episode, Search: search))).ToArray();
        if (searches.Length == 0) yield break;
        yield return new ReportSection("Choices on validation, tested once",
        [
            new ReportTable("Algorithm 1: chosen on validation items, tested once on others", Columns, [.. searches.OrderBy(one => Answer.PlaceOf(one.Search.Verdict)).Select(one => Row(one.Episode, one.Search))]).WithoutShared(["model", "protocol", "n", "layers", "tried", "shots", "seed"], []),
            new ReportSentence($"before and after are accuracies on the test items. bias fitted and affine fitted are the control: the unedited model with one additive bias a label, or an affine map a label, fitted on the validation items. beyond control is the paired bootstrap interval ({ReportNumber.Levels(data.Runs)}) of after less the better of the two; a gain counts as more than relabelling where it lies above 0. p corrected: Holm's, for the choices tested on the same items."),
            .. searches.Where(one => one.Search.Result is not null).GroupBy(one => (one.Episode.Run, one.Episode.Model, one.Episode.Key.Protocol, one.Episode.Key.Dtype, one.Episode.Key.Svd)).Select(group => Figure([.. group])),
        ]);
    }

    private static ImmutableArray<ReportCell> Row(EpisodeSummary episode, SearchSummary search)
    {
        var (key, choice, result) = (episode.Key, search.Choice, search.Result);
        ImmutableArray<ReportCell> chosen = [episode.Model, key.Task, key.Protocol, search.Module.Name, ReportCell.Code(choice.Chosen.Intervention.ToString()), search.Verdict];
        ImmutableArray<ReportCell> tried =
        [
            Layers([.. choice.Tried.Select(one => one.Layer).OfType<int>().Distinct()]), ReportNumber.Count(choice.Tried.Count), ReportNumber.Accuracy(new Proportion(choice.Chosen.Trial.Correct, choice.Chosen.Trial.N)),
            ReportNumber.Count(key.Shots), ReportNumber.Count(key.Seed),
        ];
        if (result is null) return [.. chosen, .. Enumerable.Repeat<ReportCell>("", Columns.Length - chosen.Length - tried.Length), .. tried];
        var (gold, tested) = (result.Before.Gold, search.Corrected is not null);
        return
        [
            .. chosen, ReportNumber.Accuracy(Of(result.Before.Correct)), ReportNumber.Accuracy(Of(result.After.Correct)), ReportNumber.Count(result.Before.N),
            tested ? ReportNumber.GainedAndLost(result.Comparison) : "", tested ? PValueText.Of(result.Comparison.PValue) : "", search.Corrected is { } p ? PValueText.Of(p) : "",
            ReportNumber.Accuracy(LabelControls.Right(gold, result.Controls.Bias)), ReportNumber.Accuracy(LabelControls.Right(gold, result.Controls.Affine)), ReportNumber.Differences(result.BeyondControl), .. tried,
        ];

        Proportion Of(int correct) => new(correct, result.Before.N);
    }

    private static ReportFigure Figure((EpisodeSummary Episode, SearchSummary Search)[] searches)
    {
        var episodes = searches.Select(one => one.Episode).Distinct().ToArray();
        var modules = searches.Select(one => one.Search.Module).Distinct().ToArray();
        var first = episodes[0];
        var same = episodes.All(episode => (episode.Key.Shots, episode.Key.Seed) == (first.Key.Shots, first.Key.Seed)) && episodes.Select(episode => episode.Key.Task).Distinct().Count() == episodes.Length;
        var sizes = searches.Select(one => one.Search.Result!.Before.N).ToArray();
        var title = string.Create(
            CultureInfo.InvariantCulture,
            $"{first.Model}, {first.Key.Protocol} protocol, test, n = {(sizes.Min() == sizes.Max() ? sizes[0].ToString(CultureInfo.InvariantCulture) : $"{sizes.Min()} to {sizes.Max()}")}, {(same ? $"{first.Key.Shots} demonstrations, seed {first.Key.Seed}" : "demonstrations and seeds by task as in the table")}");
        var panels = new AccuracyPanels(title, Math.Min(2, modules.Length), [.. modules.Select(Panel)]);
        var caption = $"Before and after Algorithm 1, by task: {title}";
        return new ReportFigure(FigureName.Of(first.Run.Tag, first.Model, first.Key.Protocol, first.Key.Dtype, first.Key.Svd, "search"), caption, panels.ToFiles) { ForPage = () => new Page.PageChart(panels).ToHtml() };

        AccuracyFigure Panel(Pruning.Module module)
        {
            var results = episodes.Select(episode => searches.FirstOrDefault(one => one.Episode == episode && one.Search.Module == module).Search).ToArray();
            return new AccuracyFigure(module.Name, "task", [.. episodes.Select(episode => same || episodes.Length == 1 ? episode.Key.Task : string.Create(CultureInfo.InvariantCulture, $"{episode.Key.Task} {episode.Key.Shots}/{episode.Key.Seed}"))],
            [
                new AccuracySeries("unedited", [.. results.Select(search => Of(search?.Result?.Before))]) { IsBaseline = true, IsScattered = true },
                new AccuracySeries("chosen", [.. results.Select(search => Of(search?.Result?.After))]) { IsScattered = true },
                new AccuracySeries("labels corrected", [.. results.Select(search => search?.Control)]) { IsScattered = true },
            ]) { Alpha = first.Run.Alpha };
        }
    }

    private static Proportion? Of(Experiments.Trial? trial) => trial is null ? null : new Proportion(trial.Correct, trial.N);

    private static string Layers(int[] layers) => layers.Length switch
    {
        0 => "none yet",
        <= 4 => string.Join(", ", layers.Select(layer => ReportNumber.Count(layer))),
        _ => string.Create(CultureInfo.InvariantCulture, $"{layers[0]} to {layers[^1]}"),
    };
}
