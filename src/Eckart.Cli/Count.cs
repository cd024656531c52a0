using System.Globalization;
using Eckart.Experiments.Plans;
using Eckart.Reporting;

namespace Eckart.Cli;

/// <summary>Numbers of things in words.</summary>
internal static class Count
{
    /// <summary><c>1 walk</c>, <c>2 walks</c>.</summary>
    /// <param name="number">How many.</param>
    /// <param name="what">One of them; an s makes it several.</param>
    public static string Of(long number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number} {what}{(number == 1 ? "" : "s")}");

    /// <summary>Lines of a journal: <c>2 trials</c>, <c>1 matrix</c>, <c>3 learners</c>.</summary>
    /// <param name="number">How many.</param>
    /// <param name="measure">Of the plan.</param>
    public static string Of(long number, PlanMeasure measure) => measure switch
    {
        PlanMeasure.Spectra => number == 1 ? Of(number, "matrix") : Of(number, "matrice"),
        PlanMeasure.Functions => Of(number, "learner"),
        _ => Of(number, "trial"),
    };

    /// <summary>Lines of runs, by what they are.</summary>
    /// <param name="data">The runs.</param>
    public static string Of(ReportData data)
    {
        (long Number, PlanMeasure Measure)[] all = [(data.Trials, PlanMeasure.Accuracy), (data.Runs.Sum(run => run.Spectra.Count), PlanMeasure.Spectra), (data.Runs.Sum(run => run.Learners.Count), PlanMeasure.Functions)];
        return data.Lines == 0 ? Of(0, PlanMeasure.Accuracy) : string.Join(", ", all.Where(one => one.Number > 0).Select(one => Of(one.Number, one.Measure)));
    }
}
