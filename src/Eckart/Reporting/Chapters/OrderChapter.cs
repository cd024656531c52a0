using System.Collections.Immutable;
using Eckart.Statistics;

namespace Eckart.Reporting.Chapters;

/// <summary>What the order of the same demonstrations changes, for each intervention: Remark 1 of the paper.</summary>
internal sealed class OrderChapter : IReportChapter
{
    private const string Remark = "The paper's Remark 1 says that the implicit update does not depend on the order. That holds for attention without a mask over earlier tokens and without positions; a causal model has both, and this is how much they matter.";

    private static readonly ImmutableArray<string> Columns = ["intervention", "lowest", "mean", "highest", "queries whose answer depends on the order"];

    /// <summary>How much the unedited model's accuracy varies with the order.</summary>
    internal static IEnumerable<string> Answers(ReportData data) =>
        from same in Groups(data)
        let unedited = same.Select(one => one.Split.Unedited?.Trial.Accuracy).OfType<double>().ToArray()
        where unedited.Length > 1
        let range = unedited.Min() == unedited.Max() ? $"always {ReportNumber.Share(unedited[0])}" : $"from {ReportNumber.Share(unedited.Min())} to {ReportNumber.Share(unedited.Max())}"
        select $"Over {ReportNumber.Of(unedited.Length, "order")} of the same demonstrations, unedited {same[0].Episode.Model} has {range} of {same[0].Episode.Key.Task}'s {same[0].Split.Split} items right.";

    private static IEnumerable<(EpisodeSummary Episode, SplitSummary Split)[]> Groups(ReportData data) => data.Episodes.SelectMany(episode => episode.Splits.Select(split => (Episode: episode, Split: split)))
        .GroupBy(one => (one.Episode.Run, one.Split.Split, one.Split.N, Key: one.Episode.Key with { Order = null }))
        .Where(group => group.Select(one => one.Episode.Key.Order).Distinct().Count() > 1).Select(group => group.ToArray());

    public IEnumerable<ReportSection> Of(ReportData data)
    {
        foreach (var (i, group) in Groups(data).Index())
        {
            var isFirst = i == 0;
            var (first, split) = group[0];
            var orders = group.Length;
            yield return new ReportSection(
                $"{ReportNumber.Of(orders, "order")} of the demonstrations: {first.Model} on {first.Key.Task}, {split.Split}, n = {ReportNumber.Count(split.N)}, {ReportNumber.Of(first.Key.Shots, "demonstration")}, seed {ReportNumber.Count(first.Key.Seed)}",
                [
                    .. isFirst ? new ReportBlock[] { new ReportSentence(Remark) } : [],
                    new ReportTable($"Accuracy over orders: {first.Model} on {first.Key.Task}", Columns, [.. group.SelectMany(one => one.Split.Trials).GroupBy(trial => trial.Trial.Intervention).Select(same => Row(same.Key, [.. same]))]),
                ]);
        }
    }

    private static ImmutableArray<ReportCell> Row(string intervention, TrialSummary[] trials)
    {
        var predictions = trials.Select(trial => trial.Trial.Predictions()).ToArray();
        var depends = Enumerable.Range(0, predictions[0].Length).Count(query => predictions.Any(one => one[query] != predictions[0][query]));
        return
        [
            intervention == TrialSummary.Unedited ? "unedited" : ReportCell.Code(intervention),
            ReportNumber.Accuracy(trials.MinBy(trial => trial.Trial.Correct)!.Proportion),
            ReportNumber.Share(trials.Average(trial => trial.Trial.Accuracy)),
            ReportNumber.Accuracy(trials.MaxBy(trial => trial.Trial.Correct)!.Proportion),
            ReportNumber.Accuracy(new Proportion(depends, predictions[0].Length)) with { Exact = $"{ReportNumber.Count(depends)} of {ReportNumber.Count(predictions[0].Length)}" },
        ];
    }
}
