using System.Collections.Immutable;
using Eckart.Statistics;

namespace Eckart.Reporting.Chapters;

/// <summary>A row for each model, task, seed, number of demonstrations and split, with the edit that is right most often.</summary>
internal sealed class BestEditChapter : IReportChapter
{
    private static readonly ImmutableArray<string> Columns =
        ["model", "task", "protocol", "shots", "seed", "order", "dtype", "svd", "items", "n", "most frequent", "unedited", "best edit", "its accuracy", "gained, lost", "p", "p corrected", "corrected for"];

    public IEnumerable<ReportSection> Of(ReportData data)
    {
        var rows = data.Episodes.Where(episode => !episode.Run.Searches).SelectMany(episode => episode.Splits.Select(split => Row(episode, split))).ToImmutableArray();
        if (rows.IsEmpty) yield break;
        var table = new ReportTable("The edit that is right most often", Columns, rows);
        yield return new ReportSection("The best edit of each model and task",
        [
            table.WithoutShared(["protocol", "shots", "seed", "items", "n", "most frequent", "corrected for"], ["order", "dtype", "svd"]),
            new ReportSentence($"The best of several is too good on the items that it is picked by. p is the exact McNemar test of the best edit against the unedited model on the same items; corrected is Holm's correction for every edit tried on them. Intervals are Wilson's, at {ReportNumber.Levels(data.Runs)}."),
        ]);
    }

    private static ImmutableArray<ReportCell> Row(EpisodeSummary episode, SplitSummary split)
    {
        var (key, best) = (episode.Key, split.Best);
        return
        [
            episode.Model, key.Task, key.Protocol, ReportNumber.Count(key.Shots), ReportNumber.Count(key.Seed), ReportNumber.Count(key.Order ?? 0), key.Dtype, key.Svd,
            split.Split, ReportNumber.Count(split.N), ReportNumber.Share(split.Majority),
            split.Unedited is { } unedited ? ReportNumber.Accuracy(unedited.Proportion) : "not run yet",
            best is null ? "" : ReportCell.Code(best.Trial.Intervention), best is null ? "" : ReportNumber.Accuracy(best.Proportion),
            best?.Comparison is { } comparison ? ReportNumber.GainedAndLost(comparison) : "", best?.Comparison is { } tested ? PValueText.Of(tested.PValue) : "",
            best?.Corrected is { } corrected ? PValueText.Of(corrected) : "", best?.Comparison is null ? "" : ReportNumber.Count(split.Compared),
        ];
    }
}
