using System.Collections.Immutable;
using Eckart.Pruning;

namespace Eckart.Reporting.Chapters;

/// <summary>What one task's clipping rate does on the others, and which rates serve most: the paper's Appendix B.5.</summary>
internal sealed class TransferChapter : IReportChapter
{
    public IEnumerable<ReportSection> Of(ReportData data)
    {
        var groups = ChosenOnValidation.In(data).GroupBy(one => (one.Episode.Run, one.Episode.Model, one.Episode.Key.Protocol, Seed: OfPlan(one, plan => plan.Seeds.Length, one.Episode.Key.Seed), Shots: OfPlan(one, plan => plan.Shots.Length, one.Episode.Key.Shots), one.Episode.Key.Order, one.Module.Name));
        foreach (var group in groups)
        {
            var tasks = group.ToArray();
            if (tasks.Length > 1 && tasks.Select(one => one.Episode.Key.Task).Distinct().Count() == tasks.Length) yield return Section(tasks);
        }
    }

    private static ReportSection Section(ChosenOnValidation[] tasks)
    {
        var about = $"{tasks[0].Module.Name} of {tasks[0].Episode.Model}";
        ImmutableArray<string> columns = ["rate chosen on", "rate", .. tasks.Select(one => one.Episode.Key.Task)];
        return new ReportSection($"One task's rate on all others: {about}",
        [
            new ReportSentence("Accuracy on test items less that of the unedited model. A row takes the rate that is best on validation items of its task; on the diagonal stands a task's own choice."),
            new ReportTable($"Transfer of the clipping rate, {about}", columns, [Unedited(tasks), .. tasks.Select(source => Row(source, tasks))]),
            new ReportTable($"Rates that serve most, {about}", ["rate", "tasks not worse", "mean difference", "worst", "best"], [.. Rates(tasks).Select(rate => Served(rate, tasks))]),
        ]);
    }

    private static ImmutableArray<ReportCell> Unedited(ChosenOnValidation[] tasks) =>
        ["(unedited)", "0", .. tasks.Select(one => one.Before is { } before ? ReportNumber.Accuracy(before.Proportion) : new ReportCell(""))];

    private static ImmutableArray<ReportCell> Row(ChosenOnValidation source, ChosenOnValidation[] tasks) =>
        [source.Episode.Key.Task, source.Rate.ToString(), .. tasks.Select(target => Difference(target, source.Rate) is { } difference ? Cell(target, source.Rate, difference) : new ReportCell(""))];

    private static ReportCell Cell(ChosenOnValidation target, ClippingRate rate, double difference) => new(ReportNumber.Difference(difference))
    {
        Exact = $"{ReportNumber.Count(target.TestAt(rate)!.Trial.Correct)} right, unedited {ReportNumber.Count(target.Before!.Trial.Correct)}, of {ReportNumber.Count(target.Before.Trial.N)}",
    };

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
