using System.Globalization;
using System.Text;
using Eckart.Pruning;

namespace Eckart.Reporting;

/// <summary>What was measured as CSV: a line a trial with every metric, a matrix, or a learner and number of examples, in a form that pandas and R load as it is.</summary>
public static class ResultsTable
{
    private const string FileName = "results.csv";

    private static readonly string[] Columns =
    [
        "run", "id", "model", "task", "task_version", "protocol", "seed", "shots", "order", "split", "intervention", "module", "layer", "rate", "scoring", "svd", "dtype", "engine", "n", "correct", "accuracy", "interval_low", "interval_high",
        "accuracy_as_published", "majority", "macro_f1", "f1", "mcc", "nll", "calibration_error", "gained", "lost", "difference", "p_value", "p_corrected",
    ];

    /// <summary>The tables by name of file, each of one kind: the only one, or trials where there are several, is <c>results.csv</c>.</summary>
    /// <returns>RFC 4180, UTF-8, invariant numbers that read back to the same bits; empty where there is none.</returns>
    public static IReadOnlyList<(string File, string Csv)> Of(ReportData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var measured = MeasuredTable.Of(data).ToArray();
        if (data.Trials == 0 && measured is [var only]) return [(FileName, Csv(only.Columns, only.Lines))];
        var trials = data.Trials > 0 || measured.Length == 0 ? [(FileName, Csv(Columns, Trials(data)))] : Array.Empty<(string, string)>();
        return [.. trials, .. measured.Select(one => ($"{one.Name}.csv", Csv(one.Columns, one.Lines)))];
    }

    private static string Csv(string[] columns, IEnumerable<object?[]> lines)
    {
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
