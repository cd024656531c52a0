using System.Globalization;
using System.Text;
using Eckart.Experiments;
using Eckart.Pruning;
using Eckart.Statistics;

namespace Eckart.Reporting;

/// <summary>A run's trials as CSV: a line a trial with every metric, in a form that pandas and R load as it is.</summary>
public static class ResultsTable
{
    private const double Alpha = 0.05;

    /// <summary>RFC 4180, UTF-8, invariant numbers that read back to the same bits; empty where there is none.</summary>
    /// <param name="trials">In order.</param>
    /// <param name="names">Name of each model by its digest; a digest without a name stands for itself.</param>
    public static string Csv(IEnumerable<Trial> trials, IReadOnlyDictionary<string, string> names)
    {
        ArgumentNullException.ThrowIfNull(trials);
        ArgumentNullException.ThrowIfNull(names);
        var text = new StringBuilder("id,model,task,protocol,seed,shots,split,intervention,module,layer,rate,n,correct,accuracy,interval_low,interval_high,accuracy_as_published,majority,macro_f1,f1,mcc,nll,calibration_error\r\n");
        foreach (var trial in trials)
        {
            var interval = new Proportion(trial.Correct, trial.N).WilsonInterval(Alpha);
            var edit = Intervention.Parse(trial.Intervention).Edits is [var only] ? only : null;
            object?[] cells =
            [
                trial.Id, names.GetValueOrDefault(trial.Key.Model, trial.Key.Model), trial.Key.Task, trial.Key.Protocol, trial.Key.Seed, trial.Key.Shots, trial.Split, trial.Intervention,
                (edit as Truncation)?.Module.Name, edit?.Layer, trial.Intervention == "none" ? 0m : (edit as Truncation)?.Rate.Value, trial.N, trial.Correct, trial.Accuracy, interval.Low, interval.High,
                trial.AccuracyAsPublished, MajorityRate.Of(trial.Gold), trial.MacroF1, trial.F1, trial.Mcc, trial.NegativeLogLikelihood, trial.CalibrationError,
            ];
            text.AppendJoin(',', cells.Select(Cell)).Append("\r\n");
        }

        return text.ToString();
    }

    private static string Cell(object? value) => value switch
    {
        null => "",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        var other => other.ToString() is { } text && text.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : other.ToString()!,
    };
}
