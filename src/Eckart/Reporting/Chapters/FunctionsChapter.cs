using System.Collections.Immutable;
using System.Globalization;
using Eckart.Experiments;
using Eckart.Pruning;
using Eckart.Statistics;

namespace Eckart.Reporting.Chapters;

/// <summary>How well a model learns functions: beside other learners, by training steps, and truncated: the paper's Figure 5.</summary>
internal sealed class FunctionsChapter : IReportChapter
{
    private const double ErrorOfNothing = 1;       // of a learner that always says 0, on average

    public IEnumerable<ReportSection> Of(ReportData data) =>
        from run in data.Runs
        let groups = run.Learners.GroupBy(line => (line.Learner.Seed, line.Learner.Dimensions, line.Learner.Points, line.Learner.Functions, line.Learner.Alpha)).ToArray()
        from same in groups
        let others = same.Where(line => line.Learner.Model.Length == 0).ToArray()
        from model in same.Except(others).GroupBy(line => KeptName.Parse(NameOf(run, line)).Model)
        select Section(run, model.Key, groups.Length > 1 ? FigureTag(run, same.First().Learner) : run.Tag, others, [.. model]);

    /// <summary>How well each model learns beside the other learners, and what truncating it changes.</summary>
    internal static IEnumerable<string> Answers(RunContents run)
    {
        foreach (var same in run.Learners.GroupBy(line => (line.Learner.Seed, line.Learner.Dimensions, line.Learner.Points, line.Learner.Functions, line.Learner.Alpha)))
            foreach (var model in same.Where(line => line.Learner.Model.Length > 0).GroupBy(line => KeptName.Parse(NameOf(run, line)).Model))
            {
                if (model.Where(line => line.Learner.Name == TrialSummary.Unedited).MaxBy(line => KeptName.Parse(NameOf(run, line)).Step) is { } last)
                    yield return $"After {ReportNumber.Of(last.Errors.Means.Length - 1, "example")} the model {model.Key} errs by {Last(last)}{string.Concat(same.Where(line => line.Learner.Model.Length == 0).Select(line => $", {line.Learner.Name} by {Last(line)}"))} (squared error over d; always saying 0 has 1 on average).";
                if (Counted([.. model.Where(line => line.BeyondControl is not null)]) is { } counted) yield return counted;
            }

        static string Last(ErrorsLine line) => Text(line.Errors.Means[^1]);
    }

    private static ReportSection Section(RunContents run, string name, string tag, ErrorsLine[] others, ErrorsLine[] lines)
    {
        ErrorsLine[] steps = [.. lines.Where(line => line.Learner.Name == TrialSummary.Unedited).OrderBy(line => KeptName.Parse(NameOf(run, line)).Step)];
        var edited = lines.Where(line => line.Differences is not null).ToArray();
        var key = lines[0].Learner;
        var about = string.Create(CultureInfo.InvariantCulture, $"{name}, d = {key.Dimensions}, n = {key.Functions} functions, seed {key.Seed}");
        var blocks = new List<ReportBlock> { new ReportSentence($"Squared error over d; a learner that always says 0 has 1. Intervals are bootstrap intervals over functions, at {ReportNumber.Level(key.Alpha)}.") };
        if (steps.Length > 0)
        {
            blocks.Add(Figure(tag, $"{name}-learners", $"Error by examples beside other learners: {about}", ByExamples(about, [.. others.Select(line => Series(line.Errors, line.Learner.Name, thin: true)), Series(steps[^1].Errors, name, thin: false)], logarithmic: false) with { Highest = 2 * ErrorOfNothing }));
            if (steps.Length > 1) blocks.Add(Figure(tag, $"{name}-steps", $"Error by examples and training steps: {about}", ByExamples($"by training steps: {about}", [.. steps.Select(line => Series(line.Errors, line.Errors.Name, thin: false))], logarithmic: true)));
        }

        blocks.Add(Table(about, key.Alpha, [.. others.Select(line => (line.Learner.Name, line.Errors)), .. steps.Select(line => ($"{name}, {line.Errors.Name}", line.Errors))]));
        if (edited.Length > 0) blocks.AddRange(Edited(name, tag, about, steps.LastOrDefault(), edited));
        return new ReportSection($"Linear functions learnt in context: {about}", [.. blocks]);
    }

    private static IEnumerable<ReportBlock> Edited(string name, string tag, string about, ErrorsLine? unedited, ErrorsLine[] edited)
    {
        var truncated = edited.Where(line => line.BeyondControl is not null).ToArray();
        yield return new ReportSentence($"{Counted(truncated)} The control is the unedited model with its predictions times one number, fitted on other functions.");
        if (unedited is not null && TruncationFigure(about, unedited.Errors, truncated) is { } figure) yield return Figure(tag, $"{name}-truncated", $"Error over all examples by clipping rate: {about}", figure);
        yield return new ReportTable(
            $"Truncated: {about}", ["intervention", "error", "less unedited", "interval for all", "less control", "interval for all"],
            [.. edited.Select(line => (ImmutableArray<ReportCell>)[line.BeyondControl is null ? new ReportCell($"{line.Learner.Name} (the control)") : ReportCell.Code(line.Learner.Name), Error(line.Errors.Mean, line.Errors.MeanInterval, line.Learner.Alpha), ReportNumber.Difference(line.Differences!.Mean), ReportNumber.Differences(line.Differences.SimultaneousInterval ?? line.Differences.MeanInterval), line.BeyondControl is { } control ? ReportNumber.Difference(control.Mean) : "", line.BeyondControl is { } less ? ReportNumber.Differences(less.SimultaneousInterval ?? less.MeanInterval) : ""])]);
    }

    private static string? Counted(ErrorsLine[] truncated)
    {
        if (truncated.Length == 0) return null;
        var (lower, higher) = (truncated.Count(line => line.Differences!.SimultaneousInterval?.High < 0), truncated.Count(line => line.Differences!.SimultaneousInterval?.Low > 0));
        var beyond = truncated.Count(line => line.BeyondControl!.SimultaneousInterval?.High < 0);
        return $"Of {ReportNumber.Of(truncated.Length, "intervention")}, {ReportNumber.Count(lower)} lower the error, {ReportNumber.Count(beyond)} lower it below the control's too, and {ReportNumber.Count(higher)} raise it, with intervals that hold together for all of them (Bonferroni).";
    }

    private static ReportTable Table(string about, double alpha, ImmutableArray<(string Name, LearnerErrors Errors)> learners)
    {
        if (learners.IsEmpty) return new ReportTable(about, ["learner"], []);
        int[] shown = [.. Enumerable.Range(0, learners[0].Errors.Means.Length)];
        return new ReportTable($"Error after so many examples: {about}", ["learner", .. shown.Select(i => ReportNumber.Count(i)), "mean"],
            [.. learners.Select(one => (ImmutableArray<ReportCell>)[one.Name, .. shown.Select(i => Error(one.Errors.Means[i], one.Errors.Intervals[i], alpha)), Error(one.Errors.Mean, one.Errors.MeanInterval, alpha)])]);
    }

    internal static ErrorFigure? TruncationFigure(string about, LearnerErrors unedited, ErrorsLine[] truncated)
    {
        (ErrorsLine Line, Truncation Edit)[] all = [.. truncated.Select(line => (line, Intervention.Parse(line.Learner.Name).Edits is [Truncation only] ? only : null)).Where(one => one.Item2 is not null).Select(one => (one.line, one.Item2!))];
        if (all.Length == 0) return null;
        ClippingRate[] rates = [.. all.Select(one => one.Edit.Rate).Distinct().Order()];
        string[] modules = [.. all.Select(one => one.Edit.Module.Name).Distinct()];
        var series =
            from module in modules
            from layer in all.Where(one => one.Edit.Module.Name == module).Select(one => one.Edit.Layer).Distinct().Order()
            let own = all.Where(one => one.Edit.Layer == layer && one.Edit.Module.Name == module).GroupBy(one => one.Edit.Rate).ToDictionary(same => same.Key, same => same.Last().Line.Errors)
            let values = rates.Select(rate => own.TryGetValue(rate, out var errors) ? ((double, Interval)?)(errors.Mean, errors.MeanInterval) : null)      // not every layer need have every rate
            select new ErrorSeries($"{module}@{ReportNumber.Count(layer)}", [(unedited.Mean, unedited.MeanInterval), .. values], Thin: modules.Length == 2 && module == modules[1]);
        return new ErrorFigure($"truncated: {about}", "clipping rate ξ", ["0", .. rates.Select(rate => rate.ToString())], [.. series], Logarithmic: true);
    }

    private static ErrorFigure ByExamples(string title, ImmutableArray<ErrorSeries> series, bool logarithmic) =>
        new(title, "examples", [.. Enumerable.Range(0, series[0].Values.Length).Select(count => ReportNumber.Count(count))], series, logarithmic);

    private static ErrorSeries Series(LearnerErrors errors, string name, bool thin) => new(name, [.. errors.Means.Zip(errors.Intervals).Select(one => ((double, Interval)?)one)], thin);

    private static ReportFigure Figure(string tag, string name, string caption, ErrorFigure figure) => new(FigureName.Of("functions", tag, name), caption, figure.ToFiles);

    private static ReportCell Error(double value, Interval interval, double alpha) => new(Text(value))
    {
        Exact = string.Create(CultureInfo.InvariantCulture, $"{value:R}, {ReportNumber.Level(alpha)} interval {interval.Low:0.0000} to {interval.High:0.0000}"),
    };

    private static string Text(double error) => error.ToString(error < 0.01 ? "0.0000" : "0.000", CultureInfo.InvariantCulture);

    private static string FigureTag(RunContents run, LearnerKey key) => FigureName.Of(run.Tag, string.Create(CultureInfo.InvariantCulture, $"seed-{key.Seed}-{key.Functions}-{key.Dimensions}-{key.Points}-{key.Alpha}"));

    private static string NameOf(RunContents run, ErrorsLine line) => run.Names.GetValueOrDefault(line.Learner.Model, line.Learner.Model);
}
