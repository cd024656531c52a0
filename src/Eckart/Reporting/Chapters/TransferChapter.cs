using System.Collections.Immutable;
using Eckart.Pruning;
using Eckart.Statistics;

namespace Eckart.Reporting.Chapters;

/// <summary>What one task's clipping rate does on the others, and which rates serve most: the paper's Appendix B.5.</summary>
internal sealed class TransferChapter : IReportChapter
{
    private const string Explained = "Accuracy on test items less that of the unedited model. A row takes the rate that is best on validation items of its task; on the diagonal stands a task's own choice. Beside each difference: items gained, lost; * where the exact McNemar test, by Holm's correction for all of the table, says that it is more than chance.";

    public IEnumerable<ReportSection> Of(ReportData data)
    {
        var groups = ChosenOnValidation.In(data).GroupBy(one => (one.Episode.Run, one.Episode.Model, one.Episode.Key.Protocol, one.Episode.Key.Svd, one.Episode.Key.Dtype, one.Episode.Key.Engine, Seed: OfPlan(one, plan => plan.Seeds.Length, one.Episode.Key.Seed), Shots: OfPlan(one, plan => plan.Shots.Length, one.Episode.Key.Shots), one.Episode.Key.Order, one.Module.Name));
        var sections = groups.Select(group => group.ToArray()).Where(tasks => tasks.Length > 1 && tasks.Select(one => one.Episode.Key.Task).Distinct().Count() == tasks.Length);
        return sections.Select((tasks, i) => Section(tasks, isFirst: i == 0));
    }

    private static ReportSection Section(ChosenOnValidation[] tasks, bool isFirst)
    {
        var about = $"{tasks[0].Module.Name} of {tasks[0].Episode.Model}";
        ImmutableArray<string> columns = ["rate chosen on", "rate", .. tasks.Select(one => one.Episode.Key.Task)];
        return new ReportSection($"One task's rate on all others: {about}",
        [
            .. isFirst ? new ReportBlock[] { new ReportSentence(Explained) } : [],
            new ReportTable($"Transfer of the clipping rate, {about}", columns, [Unedited(tasks), .. Rows(tasks)]),
            new ReportTable($"Rates that serve most, {about}", ["rate", "tasks not worse", "mean difference", "worst", "best"], [.. Rates(tasks).Select(rate => Served(rate, tasks))]),
        ]);
    }

    private static ImmutableArray<ReportCell> Unedited(ChosenOnValidation[] tasks) =>
        ["(unedited)", "0", .. tasks.Select(one => one.Before is { } before ? ReportNumber.Accuracy(before.Proportion) : new ReportCell(""))];

    private static IEnumerable<ImmutableArray<ReportCell>> Rows(ChosenOnValidation[] tasks)
    {
        // Rows that chose the same rate hold the same tests: each counts once.
        var tests = tasks.SelectMany(source => tasks.Select(target => (Target: target, source.Rate))).Distinct().Where(one => one.Target.TestAt(one.Rate)?.Comparison is not null).ToArray();
        var corrected = tests.Zip(Holm.Adjust([.. tests.Select(one => one.Target.TestAt(one.Rate)!.Comparison!.PValue)])).ToDictionary(one => one.First, one => one.Second);
        return tasks.Select(source => (ImmutableArray<ReportCell>)[source.Episode.Key.Task, source.Rate.ToString(), .. tasks.Select(target => Cell(target, source.Rate, corrected.TryGetValue((target, source.Rate), out var p) ? p : null))]);
    }

    private static ReportCell Cell(ChosenOnValidation target, ClippingRate rate, double? corrected)
    {
        if (target.TestAt(rate) is not { } after || target.Before is not { } before) return "";
        var difference = ReportNumber.Difference(after.Trial.Accuracy - before.Trial.Accuracy);
        return new ReportCell(after.Comparison is { } comparison && corrected is { } p ? $"{difference} ({ReportNumber.GainedAndLost(comparison)}){(p <= target.Episode.Run.Alpha ? " *" : "")}" : difference)
        {
            Exact = $"{ReportNumber.Count(after.Trial.Correct)} right, unedited {ReportNumber.Count(before.Trial.Correct)}, of {ReportNumber.Count(before.Trial.N)}{(after.Comparison is { } tested && corrected is { } q ? $"; p = {PValueText.Of(tested.PValue)}, corrected {PValueText.Of(q)}" : "")}",
        };
    }

    private static ImmutableArray<ReportCell> Served(ClippingRate rate, ChosenOnValidation[] tasks)
    {
        double[] differences = [.. tasks.Select(task => Difference(task, rate)).OfType<double>()];
        return [rate.ToString(), $"{ReportNumber.Count(differences.Count(one => one >= 0))} of {ReportNumber.Count(differences.Length)}", ReportNumber.Difference(differences.Average()), ReportNumber.Difference(differences.Min()), ReportNumber.Difference(differences.Max())];
    }

    private static double? Difference(ChosenOnValidation task, ClippingRate rate) => task.TestAt(rate) is { } after && task.Before is { } before ? after.Trial.Accuracy - before.Trial.Accuracy : null;

    private static ClippingRate[] Rates(ChosenOnValidation[] tasks) =>
        [.. tasks.SelectMany(task => task.Episode.Of("test")?.Trials.Where(trial => trial.Truncation?.Module == task.Module).Select(trial => trial.Truncation!.Rate) ?? []).Distinct().Order().Where(rate => tasks.Any(task => Difference(task, rate) is not null))];

    // A task's own seed and demonstrations are not what sets one episode apart from another; those that the plan names are.
    private static long OfPlan(ChosenOnValidation one, Func<Experiments.Plans.Plan, int> named, long value) => named(one.Episode.Run.Plan!) > 1 ? value : 0;
}
