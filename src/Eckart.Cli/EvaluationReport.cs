using System.Globalization;
using System.Text.Json.Nodes;
using Eckart.Experiments;
using Eckart.Formats;
using Eckart.Statistics;

namespace Eckart.Cli;

/// <summary>One evaluated intervention, as JSON and as text; beside it the unedited model on the same queries where that was run.</summary>
internal sealed class EvaluationReport(TaskSession session, Trial trial, Trial? unedited, int available, double alpha)
{
    private readonly PairedComparison? comparison = unedited is null ? null : PairedComparison.Of(trial.Gold, unedited.Predictions(), trial.Predictions());

    private string? Words => comparison is null ? null : Verdict.Of(chosen: true, comparison, alpha);

    public JsonObject ToJson() => new()
    {
        ["model"] = session.Model.Checkpoint.Path,
        ["task"] = session.Variant.Name,
        ["protocol"] = trial.Key.Protocol,
        ["seed"] = trial.Key.Seed,
        ["shots"] = trial.Key.Shots,
        ["intervention"] = trial.Intervention,
        ["ranks"] = new JsonObject(trial.Ranks.Select(rank => KeyValuePair.Create(rank.Key, (JsonNode?)rank.Value))),
        ["split"] = trial.Split,
        ["n"] = trial.N,
        ["available"] = available,
        ["correct"] = trial.Correct,
        ["accuracy"] = trial.Accuracy,
        ["accuracy_as_published"] = trial.AccuracyAsPublished,
        ["majority"] = MajorityRate.Of(trial.Gold),
        ["interval"] = Interval(trial),
        ["macro_f1"] = trial.MacroF1,
        ["f1"] = trial.F1,
        ["mcc"] = trial.Mcc,
        ["nll"] = trial.NegativeLogLikelihood,
        ["calibration_error"] = trial.CalibrationError,
        ["before"] = unedited is null ? null : new JsonObject { ["correct"] = unedited.Correct, ["accuracy"] = unedited.Accuracy, ["interval"] = Interval(unedited) },
        ["gained"] = comparison?.Gained,
        ["lost"] = comparison?.Lost,
        ["p_value"] = comparison?.PValue,
        ["verdict"] = Words,
        ["notes"] = JsonOutput.Array(session.Notes(trial.N, available, trial.Split)),
    };

    public void WriteText(TextWriter output)
    {
        output.WriteLine($"{session.Model.Checkpoint.Name} on {session.Variant.Name} {trial.Split}, {KebabCase.Of(session.Variant.Protocol)} protocol, {Count.Of(session.Shots, "demonstration")}, seed {session.Seed}");
        if (unedited is not null) output.WriteLine(Line(unedited));
        output.WriteLine(Line(trial));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"always the most frequent answer: {MajorityRate.Of(trial.Gold):0.0000}"));
        if (comparison is not null) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Words}: gained {comparison.Gained}, lost {comparison.Lost} of {comparison.N} (exact McNemar p = {PValueText.Of(comparison.PValue)})"));
        foreach (var note in session.Notes(trial.N, available, trial.Split)) output.WriteLine($"note: {note}");
    }

    private string Line(Trial one)
    {
        var interval = new Proportion(one.Correct, one.N).WilsonInterval(alpha);
        return string.Create(CultureInfo.InvariantCulture, $"{one.Intervention}: {one.Correct} of {one.N} right, accuracy {one.Accuracy:0.0000} [{interval.Low:0.000}, {interval.High:0.000}], macro F1 {one.MacroF1:0.0000}");
    }

    private JsonArray Interval(Trial one)
    {
        var interval = new Proportion(one.Correct, one.N).WilsonInterval(alpha);
        return JsonOutput.Array([interval.Low, interval.High]);
    }
}
