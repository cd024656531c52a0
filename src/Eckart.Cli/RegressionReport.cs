using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Eckart.Formats;
using Eckart.Statistics;
using Eckart.Training.Regression;

namespace Eckart.Cli;

/// <summary>What <c>regression evaluate</c> found: as tables of 80 columns, JSON, CSV and figures.</summary>
/// <param name="Path">Of the last model.</param>
/// <param name="Recipe">Of all models.</param>
/// <param name="Settings">How it was measured.</param>
/// <param name="Models">By training steps; the last is the one that is compared and truncated.</param>
/// <param name="Baselines">Other learners.</param>
/// <param name="Truncated">The last model, truncated.</param>
internal sealed record RegressionReport(string Path, RegressionRecipe Recipe, RegressionStudySettings Settings, ImmutableArray<LearnerErrors> Models, ImmutableArray<LearnerErrors> Baselines, TruncationStudy Truncated)
{

    /// <summary>May be empty.</summary>
    public ImmutableArray<TruncationErrors> Truncations => Truncated.Truncations;

    /// <summary>Writes <c>results.json</c>, <c>results.csv</c> and the figures into a folder, made if need be.</summary>
    /// <exception cref="InputException">A file cannot be written.</exception>
    public void Save(string folder)
    {
        OptionValues.MakeFolder(folder, RegressionEvaluateCommand.Out);
        IndentedJson.Write(System.IO.Path.Combine(folder, "results.json"), ToJson());
        AtomicFile.Write(System.IO.Path.Combine(folder, "results.csv"), Encoding.UTF8.GetBytes(string.Concat(CsvLines().Select(line => line + "\n"))));
        new RegressionFigures(this).Save(folder);
    }

    /// <summary>All of it as one document.</summary>
    public JsonObject ToJson() => new()
    {
        ["model"] = Path,
        ["dim"] = Recipe.Dimensions,
        ["points"] = Recipe.Points,
        ["functions"] = Settings.Functions,
        ["seed"] = Settings.Seed,
        ["alpha"] = Settings.Alpha,
        ["models"] = new JsonArray([.. Models.Select(Json)]),
        ["baselines"] = new JsonArray([.. Baselines.Select(Json)]),
        ["truncations"] = new JsonArray([.. Truncations.Select(one => new JsonObject { ["intervention"] = one.Errors.Name, ["errors"] = Json(one.Errors), ["differences"] = Json(one.Differences), ["beyond_control"] = Json(one.BeyondControl) })]),
        ["control"] = new JsonObject { ["factor"] = Truncated.Factor, ["errors"] = Json(Truncated.Control), ["differences"] = Json(Truncated.ControlDifferences) },
    };

    /// <summary>Writes the tables.</summary>
    public void Write(TextWriter output) => new RegressionTables(this).Write(output);

    private static JsonObject Json(LearnerErrors errors)
    {
        var json = new JsonObject
        {
            ["name"] = errors.Name,
            ["by_examples"] = JsonOutput.Array(errors.Means),
            ["intervals"] = new JsonArray([.. errors.Intervals.Select(Json)]),
            ["mean"] = errors.Mean,
            ["mean_interval"] = Json(errors.MeanInterval),
        };
        if (errors.SimultaneousInterval is { } simultaneous) json["mean_simultaneous_interval"] = Json(simultaneous);
        return json;
    }

    private static JsonArray Json(Interval interval) => [interval.Low, interval.High];

    private IEnumerable<string> CsvLines()
    {
        yield return "kind,name,examples,error,low,high,difference,difference_low,difference_high";
        foreach (var (kind, errors) in Models.Select(one => ("model", one)).Concat(Baselines.Select(one => ("baseline", one))))
            for (var i = 0; i < Recipe.Points; i++) yield return Csv(kind, errors, i, "", "", "");
        foreach (var (kind, errors, differences) in Truncations.Select(one => ("truncated", one.Errors, one.Differences)).Append(("control", Truncated.Control, Truncated.ControlDifferences)))
            for (var i = 0; i < Recipe.Points; i++) yield return Csv(kind, errors, i, Text(differences.Means[i]), Text(differences.Intervals[i].Low), Text(differences.Intervals[i].High));
    }

    private static string Csv(string kind, LearnerErrors errors, int examples, params string[] differences) =>
        string.Join(',', [kind, errors.Name.Contains(',', StringComparison.Ordinal) ? $"\"{errors.Name}\"" : errors.Name, examples.ToString(CultureInfo.InvariantCulture), Text(errors.Means[examples]), Text(errors.Intervals[examples].Low), Text(errors.Intervals[examples].High), .. differences]);

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
