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
    private const string Unedited = "none";

    public IEnumerable<ReportSection> Of(ReportData data) =>
        from run in data.Runs
        from same in run.Learners.GroupBy(line => (line.Learner.Seed, line.Learner.Dimensions, line.Learner.Points))
        let others = same.Where(line => line.Learner.Model.Length == 0).ToArray()
        from model in same.Except(others).GroupBy(line => NameOf(run, line).Split('@')[0])
        select Section(run, model.Key, others, [.. model]);

    private static ReportSection Section(RunContents run, string name, ErrorsLine[] others, ErrorsLine[] lines)
    {
        ErrorsLine[] steps = [.. lines.Where(line => line.Learner.Name == Unedited).OrderBy(line => StepOf(run, line))];
        var edited = lines.Where(line => line.Differences is not null).ToArray();
        var key = lines[0].Learner;
        var about = string.Create(CultureInfo.InvariantCulture, $"{name}, d = {key.Dimensions}, n = {key.Functions} functions, seed {key.Seed}");
        var blocks = new List<ReportBlock> { new ReportSentence("Squared error over d; a learner that always says 0 has 1. Intervals are bootstrap intervals over functions.") };
        if (steps.Length > 0)
        {
            blocks.Add(Figure($"{name}-learners", $"Error by examples beside other learners: {about}", ByExamples(about, [.. others.Select(line => Series(line.Errors, line.Learner.Name, thin: true)), Series(steps[^1].Errors, name, thin: false)], logarithmic: false) with { Highest = 2 * ErrorOfNothing }));
            if (steps.Length > 1) blocks.Add(Figure($"{name}-steps", $"Error by examples and training steps: {about}", ByExamples($"by training steps: {about}", [.. steps.Select(line => Series(line.Errors, line.Errors.Name, thin: false))], logarithmic: true)));
        }

        blocks.Add(Table(about, [.. others.Select(line => (line.Learner.Name, line.Errors)), .. steps.Select(line => ($"{name}, {line.Errors.Name}", line.Errors))]));
        if (edited.Length > 0) blocks.AddRange(Edited(name, about, steps.LastOrDefault(), edited));
        return new ReportSection($"Linear functions learnt by {about}", [.. blocks]);
    }

    private static IEnumerable<ReportBlock> Edited(string name, string about, ErrorsLine? unedited, ErrorsLine[] edited)
    {
        var truncated = edited.Where(line => line.BeyondControl is not null).ToArray();
        var (lower, higher) = (truncated.Count(line => line.Differences!.SimultaneousInterval?.High < 0), truncated.Count(line => line.Differences!.SimultaneousInterval?.Low > 0));
        yield return new ReportSentence($"Of {ReportNumber.Of(truncated.Length, "intervention")}, {ReportNumber.Count(lower)} lower the error and {ReportNumber.Count(higher)} raise it, with intervals that hold together for all of them (Bonferroni). The control is the unedited model with its predictions times one number, fitted on other functions.");
        if (unedited is not null && TruncationFigure(about, unedited.Errors, truncated) is { } figure) yield return Figure($"{name}-truncated", $"Error over all examples by clipping rate: {about}", figure);
        yield return new ReportTable(
            $"Truncated: {about}", ["intervention", "error", "less unedited", "interval for all", "less control"],
            [.. edited.Select(line => (ImmutableArray<ReportCell>)[ReportCell.Code(line.Learner.Name), Error(line.Errors.Mean), ReportNumber.Difference(line.Differences!.Mean), ReportNumber.Differences(line.Differences.SimultaneousInterval ?? line.Differences.MeanInterval), line.BeyondControl is { } beyond ? ReportNumber.Difference(beyond.Mean) : ""])]);
    }

    private static ReportTable Table(string about, ImmutableArray<(string Name, LearnerErrors Errors)> learners)
    {
        if (learners.IsEmpty) return new ReportTable(about, ["learner"], []);
        int[] shown = [.. Enumerable.Range(0, learners[0].Errors.Means.Length)];
        return new ReportTable($"Error after so many examples: {about}", ["learner", .. shown.Select(i => ReportNumber.Count(i)), "mean"],
            [.. learners.Select(one => (ImmutableArray<ReportCell>)[one.Name, .. shown.Select(i => Error(one.Errors.Means[i], one.Errors.Intervals[i])), Error(one.Errors.Mean, one.Errors.MeanInterval)])]);
    }

    private static ErrorFigure? TruncationFigure(string about, LearnerErrors unedited, ErrorsLine[] truncated)
    {
        (ErrorsLine Line, Truncation Edit)[] all = [.. truncated.Select(line => (line, Intervention.Parse(line.Learner.Name).Edits is [Truncation only] ? only : null)).Where(one => one.Item2 is not null).Select(one => (one.line, one.Item2!))];
        if (all.Length == 0) return null;
        ClippingRate[] rates = [.. all.Select(one => one.Edit.Rate).Distinct().Order()];
        string[] modules = [.. all.Select(one => one.Edit.Module.Name).Distinct()];
        var series =
            from module in modules
            from layer in all.Where(one => one.Edit.Module.Name == module).Select(one => one.Edit.Layer).Distinct().Order()
            let values = all.Where(one => one.Edit.Layer == layer && one.Edit.Module.Name == module).OrderBy(one => one.Edit.Rate).Select(one => (one.Line.Errors.Mean, one.Line.Errors.MeanInterval))
            select new ErrorSeries($"{module}@{ReportNumber.Count(layer)}", [(unedited.Mean, unedited.MeanInterval), .. values], Thin: modules.Length == 2 && module == modules[1]);
        return new ErrorFigure($"truncated: {about}", "clipping rate ξ", ["0", .. rates.Select(rate => rate.ToString())], [.. series], Logarithmic: true);
    }

    private static ErrorFigure ByExamples(string title, ImmutableArray<ErrorSeries> series, bool logarithmic) =>
        new(title, "examples", [.. Enumerable.Range(0, series[0].Values.Length).Select(count => ReportNumber.Count(count))], series, logarithmic);

    private static ErrorSeries Series(LearnerErrors errors, string name, bool thin) => new(name, [.. errors.Means.Zip(errors.Intervals)], thin);

    private static ReportFigure Figure(string name, string caption, ErrorFigure figure) => new(FigureName.Of("functions", name), caption, figure.ToPng, figure.ToSvg);

    private static ReportCell Error(double value, Interval? interval = null) => new(value.ToString(value < 0.01 ? "0.0000" : "0.000", CultureInfo.InvariantCulture))
    {
        Exact = interval is { } ends ? string.Create(CultureInfo.InvariantCulture, $"{value:R}, 95% interval {ends.Low:0.0000} to {ends.High:0.0000}") : value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static string NameOf(RunContents run, ErrorsLine line) => run.Names.GetValueOrDefault(line.Learner.Model, line.Learner.Model);

    // name@1250; the last model, without a number, comes last.
    private static long StepOf(RunContents run, ErrorsLine line) => NameOf(run, line).Split('@') is [_, var step] && long.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;
}
