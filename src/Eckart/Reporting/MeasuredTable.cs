using System.Globalization;
using Eckart.Statistics;

namespace Eckart.Reporting;

/// <summary>What a run measured beside trials, as CSV in the form of <see cref="ResultsTable"/>: a line a matrix, or a line a learner and number of examples.</summary>
internal static class MeasuredTable
{
    private static readonly string[] OfSpectra =
        ["run", "id", "model", "layer", "projection", "rows", "columns", "largest", "smallest", "condition", "stable_rank", "effective_rank", "rank_of_90_percent_energy", "marchenko_pastur_edge", "above_edge", "laser_rmt_threshold"];

    private static readonly string[] OfLearners =
        ["run", "id", "model", "learner", "dimensions", "functions", "seed", "examples", "error", "low", "high", "difference", "difference_low", "difference_high", "beyond_control", "beyond_control_low", "beyond_control_high", "difference_low_for_all", "difference_high_for_all", "beyond_control_low_for_all", "beyond_control_high_for_all"];

    /// <summary>Headings and lines of each kind that was measured, by the name of its file where there is more than one.</summary>
    public static IEnumerable<(string Name, string[] Columns, IEnumerable<object?[]> Lines)> Of(ReportData data)
    {
        if (data.Runs.Any(run => run.Spectra.Count > 0)) yield return ("spectra", OfSpectra, data.Runs.SelectMany(Spectra));
        if (data.Runs.Any(run => run.Learners.Count > 0)) yield return ("functions", OfLearners, data.Runs.SelectMany(Learners));
    }

    private static IEnumerable<object?[]> Spectra(RunContents run) => run.Spectra.Select(line => (object?[])
    [
        run.Title, line.Id, run.Names.GetValueOrDefault(line.Spectrum.Model, line.Spectrum.Model), line.Spectrum.Layer, line.Spectrum.Projection, line.Shape[0], line.Shape[1], line.Measures.Largest, line.Measures.Smallest,
        line.Measures.Condition, line.Measures.StableRank, line.Measures.EffectiveRank, line.Measures.RankOf90PercentEnergy, line.Measures.MarchenkoPasturEdge, line.Measures.AboveEdge, line.Measures.LaserRmtThreshold,
    ]);

    // The mean over all numbers of examples last, with no number.
    private static IEnumerable<object?[]> Learners(RunContents run) =>
        from line in run.Learners
        from examples in Enumerable.Range(0, line.Errors.Means.Length + 1)
        let all = examples == line.Errors.Means.Length
        let interval = all ? line.Errors.MeanInterval : line.Errors.Intervals[examples]
        let difference = At(line.Differences, examples)
        let beyond = At(line.BeyondControl, examples)
        let together = all ? line.Differences?.SimultaneousInterval : null
        let beyondTogether = all ? line.BeyondControl?.SimultaneousInterval : null
        select (object?[])
        [
            run.Title, line.Id, run.Names.GetValueOrDefault(line.Learner.Model, line.Learner.Model), line.Learner.Name, line.Learner.Dimensions, line.Learner.Functions, line.Learner.Seed,
            all ? "mean" : examples.ToString(CultureInfo.InvariantCulture), all ? line.Errors.Mean : line.Errors.Means[examples], interval.Low, interval.High, difference?.Value, difference?.Ends.Low, difference?.Ends.High,
            beyond?.Value, beyond?.Ends.Low, beyond?.Ends.High, together?.Low, together?.High, beyondTogether?.Low, beyondTogether?.High,
        ];

    private static (double Value, Interval Ends)? At(LearnerErrors? errors, int examples) =>
        errors is null ? null : examples == errors.Means.Length ? (errors.Mean, errors.MeanInterval) : (errors.Means[examples], errors.Intervals[examples]);
}
