using System.Globalization;
using System.Text;
using Eckart.Pruning;

namespace Eckart.Reporting;

/// <summary>Trials as CSV: a line a trial with every metric, in a form that pandas and R load as it is.</summary>
public static class ResultsTable
{
    private static readonly string[] Columns =
    [
        "run", "id", "model", "task", "task_version", "protocol", "seed", "shots", "order", "split", "intervention", "module", "layer", "rate", "scoring", "svd", "dtype", "engine", "n", "correct", "accuracy", "interval_low", "interval_high",
        "accuracy_as_published", "majority", "macro_f1", "f1", "mcc", "nll", "calibration_error", "gained", "lost", "difference", "p_value", "p_corrected",
    ];

    /// <summary>RFC 4180, UTF-8, invariant numbers that read back to the same bits; empty where there is none.</summary>
    public static string Csv(ReportData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var (columns, lines) = data.Trials == 0 && MeasuredTable.Of(data) is { } measured ? measured : (Columns, Trials(data));
        var text = new StringBuilder().AppendJoin(',', columns).Append("\r\n");
        foreach (var line in lines) text.AppendJoin(',', line.Select(Cell)).Append("\r\n");
        return text.ToString();
    }

    private static IEnumerable<object?[]> Trials(ReportData data) =>
        from episode in data.Episodes from split in episode.Splits from one in split.Trials select Cells(episode, split, one);

    private static object?[] Cells(EpisodeSummary episode, SplitSummary split, TrialSummary one)
    {
        var (trial, key, edit, comparison) = (one.Trial, one.Trial.Key, one.Truncation, one.Comparison);
        return
        [
            episode.Run.Plan?.Name ?? episode.Run.Title, trial.Id, episode.Model, key.Task, key.TaskVersion, key.Protocol, key.Seed, key.Shots, key.Order ?? 0, trial.Split, trial.Intervention,
            edit?.Module.Name ?? (one.Edit is LayerDrop ? "drop" : null), one.Edit?.Layer, one.IsUnedited ? 0m : edit?.Rate.Value, key.Scoring, key.Svd, key.Dtype, key.Engine,
            trial.N, trial.Correct, trial.Accuracy, one.Interval.Low, one.Interval.High, trial.AccuracyAsPublished, split.Majority, trial.MacroF1, trial.F1, trial.Mcc, trial.NegativeLogLikelihood, trial.CalibrationError,
            comparison?.Gained, comparison?.Lost, comparison?.Difference, comparison?.PValue, one.Corrected,
        ];
    }

    private static string Cell(object? value) => value switch
    {
        null => "",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        var other => other.ToString() is { } text && text.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : other.ToString()!,
    };
}
