using System.Collections.Immutable;
using System.Globalization;
using Eckart.Pruning;
using Eckart.Reporting;
using Eckart.Statistics;
using Eckart.Training.Regression;

namespace Eckart.Cli;

/// <summary>The figures of <c>regression evaluate</c>: the paper's Figure 5 (a) and (b), and the error by clipping rate.</summary>
internal sealed class RegressionFigures(RegressionReport report)
{
    private const double ErrorOfNothing = 1;       // of a learner that always says 0, on average

    private readonly string about = FormattableString.Invariant($"d = {report.Recipe.Dimensions}, n = {report.Settings.Functions}, seed {report.Settings.Seed}");

    /// <summary>Writes <c>learners</c>, <c>steps</c> where there are several models, and <c>truncated</c> where anything is, each as PNG and SVG.</summary>
    public void Save(string folder)
    {
        var learners = ByExamples($"linear functions in context, {about}", [.. report.Baselines.Select(one => Series(one, thin: true)), Series(report.Models[^1]) with { Name = $"model, {report.Models[^1].Name}" }], logarithmic: false);
        (learners with { Highest = 2 * ErrorOfNothing }).Save(folder, "learners");
        if (report.Models.Length > 1)
            ByExamples($"linear functions in context, by training steps, {about}", [.. report.Models.Select(one => Series(one)), Series(report.Baselines[0], thin: true)], logarithmic: true).Save(folder, "steps");
        if (!report.Truncations.IsEmpty) Truncated().Save(folder, "truncated");
    }

    private ErrorFigure ByExamples(string title, ImmutableArray<ErrorSeries> series, bool logarithmic) =>
        new(title, "examples", [.. Enumerable.Range(0, report.Recipe.Points).Select(count => count.ToString(CultureInfo.InvariantCulture))], series, logarithmic);

    private static ErrorSeries Series(LearnerErrors errors, bool thin = false) => new(errors.Name, [.. errors.Means.Zip(errors.Intervals)], thin);

    private ErrorFigure Truncated()
    {
        (TruncationErrors Errors, Truncation Edit)[] all = [.. report.Truncations.Select(one => (one, (Truncation)one.Intervention.Edits[0]))];
        ClippingRate[] rates = [.. all.Select(one => one.Edit.Rate).Distinct().Order()];
        string[] modules = [.. all.Select(one => one.Edit.Module.Name).Distinct()];
        var series =
            from module in modules
            from layer in all.Select(one => one.Edit.Layer).Distinct()
            let values = all.Where(one => one.Edit.Layer == layer && one.Edit.Module.Name == module).OrderBy(one => one.Edit.Rate).Select(one => (one.Errors.Errors.Mean, one.Errors.Errors.MeanInterval))
            select new ErrorSeries($"{module}@{layer.ToString(CultureInfo.InvariantCulture)}", [(report.Models[^1].Mean, report.Models[^1].MeanInterval), .. values], Thin: modules.Length == 2 && module == modules[1]);
        return new ErrorFigure($"error over all examples of a truncated model, {about}", "clipping rate ξ", ["0", .. rates.Select(rate => rate.ToString())], [.. series], Logarithmic: true);
    }
}
