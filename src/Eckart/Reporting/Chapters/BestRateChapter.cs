using System.Collections.Immutable;
using Eckart.Statistics;

namespace Eckart.Reporting.Chapters;

/// <summary>The rate that validation chooses by the number of demonstrations and by training steps: the paper's Appendices B.4 and C.4.</summary>
internal sealed class BestRateChapter : IReportChapter
{
    private static readonly ImmutableArray<string> Columns = ["model", "demonstrations", "chosen", "validation before", "after", "test before", "after", "gained, lost", "p", "p corrected"];

    public IEnumerable<ReportSection> Of(ReportData data)
    {
        var groups = ChosenOnValidation.In(data).GroupBy(one => (one.Episode.Run, Name: KeptName.Parse(one.Episode.Model).Model, Key: one.Episode.Key with { Model = "", Shots = 0 }, Module: one.Module.Name)).ToArray();
        return groups.Where(group => group.Select(one => (one.Episode.Model, one.Episode.Key.Shots)).Distinct().Count() > 1)
            .Select((group, i) => Section([.. group.OrderBy(one => KeptName.Parse(one.Episode.Model).Step).ThenBy(one => one.Episode.Key.Shots)], isFirst: i == 0));
    }

    private static ReportSection Section(ChosenOnValidation[] choices, bool isFirst)
    {
        var (first, key) = (choices[0], choices[0].Episode.Key);
        var about = $"{first.Module.Name} of {KeptName.Parse(first.Episode.Model).Model} on {key.Task}, {key.Protocol} protocol, seed {ReportNumber.Count(key.Seed)}{(key.Order is { } order ? $", order {ReportNumber.Count(order)}" : "")}";
        return new ReportSection($"The best rate by demonstrations: {about}",
        [
            new ReportTable($"Chosen on validation items, {about}", Columns, [.. choices.Zip(Corrected(choices), Row)]),
            .. isFirst ? new ReportBlock[] { new ReportSentence("p is the exact McNemar test of the choice against the unedited model on test items; corrected is Holm's correction for all rows of the table.") } : [],
            .. Figure(about, choices) is { } figure ? new ReportBlock[] { figure } : [],
        ]);
    }

    private static double?[] Corrected(ChosenOnValidation[] choices)
    {
        var corrected = new Queue<double>(Holm.Adjust([.. choices.Select(one => one.Tested?.Comparison?.PValue).OfType<double>()]));
        return [.. choices.Select(one => one.Tested?.Comparison is null ? (double?)null : corrected.Dequeue())];
    }

    private static ImmutableArray<ReportCell> Row(ChosenOnValidation one, double? corrected) =>
    [
        one.Episode.Model, ReportNumber.Count(one.Episode.Key.Shots), one.Rate.IsZero ? "none better" : ReportCell.Code(one.Chosen.Intervention.ToString()),
        ReportNumber.Accuracy(new Proportion(one.Unedited.Correct, one.Unedited.N)), ReportNumber.Accuracy(new Proportion(one.Chosen.Trial.Correct, one.Chosen.Trial.N)),
        one.Before is { } before ? ReportNumber.Accuracy(before.Proportion) : "", one.Tested is { } after ? ReportNumber.Accuracy(after.Proportion) : "",
        one.Tested?.Comparison is { } comparison ? ReportNumber.GainedAndLost(comparison) : "", one.Tested?.Comparison is { } tested ? PValueText.Of(tested.PValue) : "", corrected is { } p ? PValueText.Of(p) : "",
    ];

    private static ReportFigure? Figure(string about, ChosenOnValidation[] choices)
    {
        int[] shots = [.. choices.Select(one => one.Episode.Key.Shots).Distinct().Order()];
        if (shots.Length < 2) return null;
        var key = choices[0].Episode.Key;
        ImmutableArray<AccuracyFigure> panels = [.. choices.GroupBy(one => one.Episode.Model).Select(model => Panel(model.Key, shots, [.. model]))];
        var figure = new AccuracyPanels($"test accuracy: {about}, n = {ReportNumber.Count(choices[0].Before?.Trial.N ?? 0)}", Math.Min(3, panels.Length), panels);
        return new ReportFigure(FigureName.Of(choices[0].Episode.Run.Tag, about, key.Dtype, key.Svd, key.Scoring, ReportNumber.Count(key.TaskVersion), ReportNumber.Count(key.Engine), "shots"), $"Accuracy on test items by demonstrations, unedited and with what validation chose: {about}", figure.ToFiles) { ForPage = () => new Page.PageChart(figure).ToHtml() };
    }

    private static AccuracyFigure Panel(string model, int[] shots, ChosenOnValidation[] choices)
    {
        var byShots = choices.ToDictionary(one => one.Episode.Key.Shots);
        return new AccuracyFigure(model, "demonstrations", [.. shots.Select(count => ReportNumber.Count(count))],
        [
            new AccuracySeries("unedited", [.. shots.Select(count => byShots.GetValueOrDefault(count)?.Before?.Proportion)]) { IsBaseline = true },
            new AccuracySeries("chosen on validation", [.. shots.Select(count => byShots.GetValueOrDefault(count)?.Tested?.Proportion)]),
        ]) { Majority = choices[0].Episode.Of("test")?.Majority, Alpha = choices[0].Episode.Run.Alpha };
    }
}
