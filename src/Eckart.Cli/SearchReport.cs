using System.Globalization;
using System.Text.Json.Nodes;
using Eckart.Experiments;
using Eckart.Formats;
using Eckart.Pruning;
using Eckart.Search;
using Eckart.Statistics;
using Spectre.Console;

namespace Eckart.Cli;

/// <summary>A search's result, as JSON and as text.</summary>
/// <param name="outcome">Of the search; its model is open.</param>
internal sealed class SearchReport(SearchOutcome outcome)
{
    private readonly TaskSession session = outcome.Task;
    private readonly SearchSettings settings = outcome.Searched.Settings;
    private readonly LayerChoice? choice = outcome.Searched.Choice;
    private readonly SearchResult result = outcome.Result;
    private readonly IReadOnlyList<ShotsPoint> byShots = outcome.ByShots;

    /// <summary>The same as charts and figures.</summary>
    public SearchFigures Figures { get; } = new(outcome.Task.Model.Checkpoint.Name, outcome.Task.Variant.Name, outcome.Task.Shots, outcome.Searched.Settings, outcome.Result, outcome.ByShots);

    private IEnumerable<string> Notes => outcome.Notes.Distinct();

    private Interval Difference => PairedBootstrap.Of(result.Comparison, settings.Alpha);

    public JsonObject ToJson() => new()
    {
        ["model"] = session.Model.Checkpoint.Path,
        ["task"] = session.Variant.Name,
        ["protocol"] = KebabCase.Of(session.Variant.Protocol),
        ["module"] = settings.Module.Name,
        ["seed"] = session.Seed,
        ["shots"] = session.Shots,
        ["alpha"] = settings.Alpha,
        ["choice"] = choice is null ? InspectCommand.GivenJson(settings.Module, settings.Layers[0]) : InspectCommand.ChoiceJson(choice),
        ["layers_tried"] = JsonOutput.Array(settings.Layers),
        ["validation"] = new JsonArray([.. result.Validation.Select(Validation)]),
        ["chosen"] = new JsonObject { ["rate"] = result.Chosen.Rate.Value, ["intervention"] = result.Chosen.Intervention.ToString() },
        ["test"] = new JsonObject
        {
            ["n"] = result.Before.N,
            ["majority"] = result.Majority,
            ["before"] = Accuracy(result.Before),
            ["after"] = Accuracy(result.After),
            ["difference"] = JsonOutput.Array([Difference.Low, Difference.High]),
            ["gained"] = result.Comparison.Gained,
            ["lost"] = result.Comparison.Lost,
            ["p_value"] = result.Comparison.PValue,
            ["verdict"] = result.Verdict,
            ["controls"] = new JsonObject { ["bias"] = Control(result.Controls.Bias), ["affine"] = Control(result.Controls.Affine) },
            ["beyond_control"] = JsonOutput.Array([result.BeyondControl.Low, result.BeyondControl.High]),
        },
        ["pointed"] = result.Pointed is { } pointed ? Pointed(pointed) : null,
        ["by_shots"] = new JsonArray([.. byShots.Select(point => new JsonObject { ["shots"] = point.Shots, ["n"] = point.Before.N, ["before"] = Accuracy(point.Before), ["after"] = Accuracy(point.After) })]),
        ["notes"] = JsonOutput.Array(Notes),
    };

    public void WriteText(TextWriter output)
    {
        output.WriteLine($"{session.Model.Checkpoint.Name} on {session.Variant.Name}, {KebabCase.Of(session.Variant.Protocol)} protocol, {Count.Of(session.Shots, "demonstration")}, seed {session.Seed}");
        if (choice is not null) output.WriteLine($"layers with the largest {KebabCase.Of(choice.Indicator)} of {choice.Module}: {string.Join(", ", choice.Top)}; the deepest is {choice.Layer}{(settings.Layers.Length > 1 ? ", and all were tried" : "")}");
        var table = new Table().Border(TableBorder.Simple).AddColumn("validation").AddColumn(new TableColumn("right").RightAligned()).AddColumn(new TableColumn("accuracy").RightAligned()).AddColumn("");
        foreach (var candidate in result.Validation)
            table.AddRow(candidate.Intervention.ToString(), Of(candidate.Trial), Number(candidate.Trial.Accuracy), candidate == result.Chosen ? "<- chosen" : "");
        Terminal.Write(output, table);

        var test = new Table().Border(TableBorder.Simple).AddColumn("test").AddColumn(new TableColumn("right").RightAligned()).AddColumn(new TableColumn("accuracy").RightAligned()).AddColumn(new TableColumn($"{Number(100 * (1 - settings.Alpha), "0.#")}% interval").RightAligned());
        test.AddRow("always the most frequent answer", "", Number(result.Majority), "");
        AddRow(test, "unedited", result.Before.Correct);
        AddRow(test, "unedited, a bias a label fitted", Correct(result.Controls.Bias));
        AddRow(test, "unedited, an affine map a label fitted", Correct(result.Controls.Affine));
        if (!result.Chosen.Intervention.IsNone) AddRow(test, result.Chosen.Intervention.ToString(), result.After.Correct);
        if (result.Pointed is { } pointed) AddRow(test, $"layer {pointed.Chosen.Layer ?? settings.Pointed} alone, of the largest {KebabCase.Of(choice!.Indicator)}: {pointed.Chosen.Intervention}", pointed.After.Correct);
        Terminal.Write(output, test);

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Verdict}: gained {result.Comparison.Gained}, lost {result.Comparison.Lost} of {result.Comparison.N} (exact McNemar p = {PValueText.Of(result.Comparison.PValue)}); {result.Validation.Count} interventions tried; after less before [{Difference.Low:+0.000;-0.000;0.000}, {Difference.High:+0.000;-0.000;0.000}], beyond the better control [{result.BeyondControl.Low:+0.000;-0.000;0.000}, {result.BeyondControl.High:+0.000;-0.000;0.000}]"));
        foreach (var note in Notes) output.WriteLine($"note: {note}");
        Figures.Write(output);
    }

    private static JsonObject Validation(Candidate candidate) => new()
    {
        ["rate"] = candidate.Rate.Value,
        ["intervention"] = candidate.Intervention.ToString(),
        ["n"] = candidate.Trial.N,
        ["correct"] = candidate.Trial.Correct,
        ["accuracy"] = candidate.Trial.Accuracy,
        ["accuracy_as_published"] = candidate.Trial.AccuracyAsPublished,
        ["macro_f1"] = candidate.Trial.MacroF1,
    };

    private JsonObject Accuracy(Trial trial)
    {
        var interval = new Proportion(trial.Correct, trial.N).WilsonInterval(settings.Alpha);
        return new JsonObject
        {
            ["correct"] = trial.Correct,
            ["accuracy"] = trial.Accuracy,
            ["accuracy_as_published"] = trial.AccuracyAsPublished,
            ["interval"] = JsonOutput.Array([interval.Low, interval.High]),
            ["macro_f1"] = trial.MacroF1,
            ["mcc"] = trial.Mcc,
            ["nll"] = trial.NegativeLogLikelihood,
            ["calibration_error"] = trial.CalibrationError,
        };
    }

    private JsonObject Pointed(PointedResult pointed) => new()
    {
        ["layer"] = settings.Pointed,
        ["intervention"] = pointed.Chosen.Intervention.ToString(),
        ["after"] = Accuracy(pointed.After),
        ["gained"] = pointed.Comparison.Gained,
        ["lost"] = pointed.Comparison.Lost,
        ["p_value"] = pointed.Comparison.PValue,
    };

    private JsonObject Control(IReadOnlyList<int> predictions) => new() { ["correct"] = Correct(predictions), ["accuracy"] = (double)Correct(predictions) / result.Before.N };

    private int Correct(IReadOnlyList<int> predictions) => predictions.Zip(result.Before.Gold).Count(pair => pair.First == pair.Second);

    private void AddRow(Table table, string what, int correct)
    {
        var proportion = new Proportion(correct, result.Before.N);
        var interval = proportion.WilsonInterval(settings.Alpha);
        table.AddRow(what, $"{correct}/{result.Before.N}", Number(proportion.Value), $"{Number(interval.Low, "0.000")} to {Number(interval.High, "0.000")}");
    }

    private static string Of(Trial trial) => $"{trial.Correct}/{trial.N}";

    private static string Number(double value, string format = "0.0000") => value.ToString(format, CultureInfo.InvariantCulture);
}
