using System.Collections.Immutable;
using System.Globalization;
using Eckart.Pruning;
using Eckart.Statistics;

namespace Eckart.Reporting.Chapters;

/// <summary>Every trial of a model at a task, by layer, module, rate and demonstrations: the paper's Figures 1 and 2, and Appendices B.3 and B.6.</summary>
internal sealed class SweepChapter : IReportChapter
{
    private static readonly ImmutableArray<string> Columns = ["intervention", "right", "accuracy", "interval", "gained, lost", "exact McNemar p", "p corrected"];

    public IEnumerable<ReportSection> Of(ReportData data)
    {
        // Numbers and orders of demonstrations stand side by side in one section.
        var groups = data.Episodes.SelectMany(episode => episode.Splits.Select(split => (Episode: episode, Split: split)))
            .GroupBy(one => (one.Episode.Run, one.Split.Split, Key: one.Episode.Key with { Shots = 0, Order = null }));
        foreach (var group in groups) yield return Section([.. group.OrderBy(one => one.Episode.Key.Shots).ThenBy(one => one.Episode.Key.Order ?? 0)]);
    }

    private static ReportSection Section((EpisodeSummary Episode, SplitSummary Split)[] group)
    {
        var blocks = new List<ReportBlock>();
        blocks.AddRange(Unedited(group));
        blocks.AddRange(group.Select(one => Table(one.Episode, one.Split)));
        if (TruncationFigure(group) is { } truncations) blocks.Add(truncations);
        if (DropFigure(group) is { } drops) blocks.Add(drops);
        return new ReportSection(Title(group), [.. blocks]);
    }

    private static IEnumerable<ReportBlock> Unedited((EpisodeSummary Episode, SplitSummary Split)[] group)
    {
        var controls = group.Any(one => one.Split is { Split: "test", Controls: not null });
        if (group.Length == 1 || !controls)
            yield return new ReportSentence($"Always the most frequent answer: {string.Join(", ", group.Select(one => ReportNumber.Share(one.Split.Majority)).Distinct())}.{(controls ? $" The control, the unedited model with its labels corrected on validation items: {Bias(group[0].Split).Text} by a bias, {Affine(group[0].Split).Text} by an affine map." : "")}");
        else
            yield return new ReportTable("The unedited model, and with a bias or an affine map a label fitted on validation items", ["demonstrations", "order", "most frequent", "unedited", "bias fitted", "affine fitted"],
                [.. group.Select(one => (ImmutableArray<ReportCell>)[ReportNumber.Count(one.Episode.Key.Shots), ReportNumber.Count(one.Episode.Key.Order ?? 0), ReportNumber.Share(one.Split.Majority), one.Split.Unedited is { } unedited ? ReportNumber.Accuracy(unedited.Proportion) : "not run yet", Bias(one.Split), Affine(one.Split)])])
                .WithoutShared(["demonstrations", "most frequent"], ["order"]);
        if (group.Any(one => one is { Split: { Split: "test", Controls: null }, Episode.Searches.IsEmpty: true } && !one.Episode.Splits.Any(other => other is { Split: "validation", Unedited: not null })))
            yield return new ReportSentence("No control of the labels: the unedited model was not run on validation items too.");
    }

    private static ReportCell Bias(SplitSummary split) => split is { Split: "test", Controls: { } controls } ? ReportNumber.Accuracy(LabelControls.Right(split.Trials[0].Trial.Gold, controls.Bias)) : "";

    private static ReportCell Affine(SplitSummary split) => split is { Split: "test", Controls: { } controls } ? ReportNumber.Accuracy(LabelControls.Right(split.Trials[0].Trial.Gold, controls.Affine)) : "";

    private static ReportTable Table(EpisodeSummary episode, SplitSummary split) => new(
        string.Create(CultureInfo.InvariantCulture, $"{episode.Model} on {episode.Key.Task}, {split.Split}, {ReportNumber.Of(episode.Key.Shots, "demonstration")}, seed {episode.Key.Seed}{(episode.Key.Order is { } order ? FormattableString.Invariant($", order {order}") : "")}"),
        Columns.SetItem(3, $"{ReportNumber.Level(episode.Run.Alpha)} interval"), [.. split.Trials.Select(Row)]) { OnPageAlready = true };

    private static ImmutableArray<ReportCell> Row(TrialSummary one) =>
    [
        one.IsUnedited ? "unedited" : ReportCell.Code(one.Trial.Intervention), string.Create(CultureInfo.InvariantCulture, $"{one.Trial.Correct}/{one.Trial.N}"), ReportNumber.Accuracy(one.Proportion), ReportNumber.Range(one.Interval),
        one.Comparison is { } compared ? ReportNumber.GainedAndLost(compared) : "", one.Comparison is { } tested ? PValueText.Of(tested.PValue) : "", one.Corrected is { } p ? PValueText.Of(p) : "",
    ];

    private static string Title((EpisodeSummary Episode, SplitSummary Split)[] group)
    {
        var (episode, split) = group[0];
        return string.Create(CultureInfo.InvariantCulture, $"{episode.Model} on {episode.Key.Task}, {episode.Key.Protocol} protocol, {split.Split}, n = {split.N}, {Shots(group)}, seed {episode.Key.Seed}{Orders(group)}");
    }

    // Of the same task and model, few folders hold more than one.
    private static string Versions(Experiments.TrialKey key) => string.Create(CultureInfo.InvariantCulture, $"{key.Scoring.Replace('/', '_')}-{key.TaskVersion}.{key.Engine}").Replace('.', '_');

    private static string Orders((EpisodeSummary Episode, SplitSummary Split)[] group) => group.Select(one => one.Episode.Key.Order).Distinct().ToArray() switch
    {
        [null] => "",
        [{ } only] => $", order {ReportNumber.Count(only)}",
        var orders => $", {ReportNumber.Of(orders.Length, "order")}",
    };

    // What tells an episode from the others of its section.
    private static string About((EpisodeSummary Episode, SplitSummary Split)[] group, EpisodeSummary episode) => string.Join(", ", new[]
    {
        group.Select(one => one.Episode.Key.Shots).Distinct().Count() > 1 ? ReportNumber.Of(episode.Key.Shots, "demonstration") : "",
        group.Select(one => one.Episode.Key.Order).Distinct().Count() > 1 ? $"order {ReportNumber.Count(episode.Key.Order ?? 0)}" : "",
    }.Where(part => part.Length > 0));

    private static string Shots((EpisodeSummary Episode, SplitSummary Split)[] group) =>
        $"{string.Join('/', group.Select(one => one.Episode.Key.Shots).Distinct())} {(group is [{ Episode.Key.Shots: 1 }] ? "demonstration" : "demonstrations")}";

    private static ReportFigure? TruncationFigure((EpisodeSummary Episode, SplitSummary Split)[] group)
    {
        Module[] modules = [.. group.SelectMany(one => one.Split.Modules).Distinct().OrderBy(module => Module.Known.IndexOf(module))];
        var onlyChosen = group[0].Split.Split == "test" && group[0].Episode.Run.Searches;        // those have a figure of their own
        if (modules.Length == 0 || onlyChosen) return null;
        var layers = group.SelectMany(one => one.Split.Trials).Select(trial => trial.Truncation?.Layer).OfType<int>().Distinct().Order().ToArray();
        ImmutableArray<AccuracyFigure> figures = [.. group.SelectMany(one => modules.Where(one.Split.Modules.Contains).Select(module => RatePanel.Of(one.Split, module, layers, About(group, one.Episode)) with { Alpha = one.Episode.Run.Alpha }))];
        return Figure(group, figures, modules.Length switch { 1 => Math.Min(group.Length, 3), 2 or 4 => 2, _ => 3 }, "rates", "by clipping rate");
    }

    private static ReportFigure? DropFigure((EpisodeSummary Episode, SplitSummary Split)[] group)
    {
        ImmutableArray<AccuracyFigure> figures = [.. group.Where(one => one.Split.Trials.Any(trial => trial.Edit is LayerDrop)).Select(one => Panel(one.Split, group.Length > 1 ? About(group, one.Episode) : "layers left out") with { Alpha = one.Episode.Run.Alpha })];
        return figures.IsEmpty ? null : Figure(group, figures, Math.Min(figures.Length, 2), "drops", "by the layer that is left out");

        static AccuracyFigure Panel(SplitSummary split, string title)
        {
            var drops = split.Trials.Where(trial => trial.Edit is LayerDrop).OrderBy(trial => trial.Edit!.Layer).ToArray();
            Proportion? unedited = split.Unedited?.Proportion;
            return new AccuracyFigure(title, "layer left out", [.. drops.Select(trial => ReportNumber.Count(trial.Edit!.Layer))],
                [new AccuracySeries("unedited", [.. drops.Select(_ => unedited)]) { IsBaseline = true }, new AccuracySeries("without the layer", [.. drops.Select(trial => (Proportion?)trial.Proportion)]) { IsScattered = true }]) { Majority = split.Majority };
        }
    }

    private static ReportFigure Figure((EpisodeSummary Episode, SplitSummary Split)[] group, ImmutableArray<AccuracyFigure> figures, int columns, string what, string by)
    {
        var (key, title) = (group[0].Episode.Key, Title(group));
        var panels = new AccuracyPanels(title, columns, figures);
        return new ReportFigure(FigureName.Of(group[0].Episode.Run.Tag, group[0].Episode.Model, key.Task, key.Protocol, group[0].Split.Split, ReportNumber.Count(key.Seed), group.Select(one => one.Episode.Key.Order ?? 0).Distinct().ToArray() is [var only] ? ReportNumber.Count(only) : "orders", key.Dtype, key.Svd, Versions(key), what), $"Accuracy {by}. The band and the bars are {ReportNumber.Level(group[0].Episode.Run.Alpha)} intervals.", panels.ToFiles)
        {
            ForPage = () => new Page.PageChart(panels).ToHtml(),
        };
    }
}
