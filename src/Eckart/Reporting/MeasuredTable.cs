using System.Globalization;

namespace Eckart.Reporting;

/// <summary>What a run measured beside trials, as CSV in the form of <see cref="ResultsTable"/>: a line a matrix, or a line a learner and number of examples.</summary>
internal static class MeasuredTable
{
    private static readonly string[] OfSpectra =
        ["run", "id", "model", "layer", "projection", "rows", "columns", "largest", "smallest", "condition", "stable_rank", "effective_rank", "rank_of_90_percent_energy", "marchenko_pastur_edge", "above_edge", "laser_rmt_threshold"];

    private static readonly string[] OfLearners =
        ["run", "id", "model", "learner", "dimensions", "functions", "seed", "examples", "error", "low", "high", "difference", "difference_low", "difference_high", "beyond_control"];

    /// <summary>Headings and lines; null where nothing but trials was measured.</summary>
    public static (string[] Columns, IEnumerable<object?[]> Lines)? Of(ReportData data) =>
        data.Runs.Any(run => run.Spectra.Count > 0) ? (OfSpectra, data.Runs.SelectMany(Spectra))
        : data.Runs.Any(run => run.Learners.Count > 0) ? (OfLearners, data.Runs.SelectMany(Learners))
        : null;

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
        let difference = line.Differences is not { } differences ? ((double Value, Statistics.Interval Ends)?)null : all ? (differences.Mean, differences.MeanInterval) : (differences.Means[examples], differences.Intervals[examples])
        select (object?[])
        [
            run.Title, line.Id, run.Names.GetValueOrDefault(line.Learner.Model, line.Learner.Model), line.Learner.Name, line.Learner.Dimensions, line.Learner.Functions, line.Learner.Seed,
            all ? "mean" : examples.ToString(CultureInfo.InvariantCulture), all ? line.Errors.Mean : line.Errors.Means[examples], interval.Low, interval.High, difference?.Value, difference?.Ends.Low, difference?.Ends.High,
            line.BeyondControl is not { } beyond ? null : all ? beyond.Mean : beyond.Means[examples],
        ];
}
