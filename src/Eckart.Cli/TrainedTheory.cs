using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Eckart.Formats;
using Eckart.Statistics;
using Eckart.Theory;
using Eckart.Training.Regression;
using Spectre.Console;

namespace Eckart.Cli;

/// <summary>What <c>theory verify</c> found on a trained linear attention model: Theorem 1 layer by layer, and the bound beside the generalisation error.</summary>
/// <param name="Model">Its folder, or what it is called.</param>
/// <param name="Demonstrations">N.</param>
/// <param name="Given">b.</param>
/// <param name="Prompts">Prompts measured on.</param>
/// <param name="Errors">Of Theorem 1, by layer.</param>
/// <param name="Gaps">The unedited model first, then every truncation.</param>
internal sealed record TrainedTheory(string Model, int Demonstrations, int Given, int Prompts, ImmutableArray<double> Errors, ImmutableArray<TruncatedGap> Gaps)
{
    private const double Rounding = 1e-9;
    private static readonly double[] Epsilons = [1, 1e-1, 1e-2, 1e-3, 1e-6];
    private static readonly (string Name, Func<TruncatedGap, double> Of)[] Targets = [("gap", one => one.Gap), ("size of the gap", one => Math.Abs(one.Gap)), ("fresh", one => one.Fresh)];
    private static readonly BoundForm[] Forms = [BoundForm.Printed, BoundForm.Spectral, BoundForm.Gradient];

    /// <summary>Whether Theorem 1 holds to rounding.</summary>
    public bool Holds => Errors.All(error => error <= Rounding);

    /// <summary>All of it.</summary>
    public JsonObject ToJson() => new()
    {
        ["model"] = Model,
        ["demonstrations"] = Demonstrations,
        ["given"] = Given,
        ["prompts"] = Prompts,
        ["theorem_1"] = new JsonArray([.. Errors.Select((error, layer) => new JsonObject { ["layer"] = layer, ["largest_error"] = error })]),
        ["epsilons"] = JsonOutput.Array(Epsilons),
        ["interventions"] = new JsonArray([.. Gaps.Select(Json)]),
        ["rank_correlation"] = new JsonArray([.. from target in Targets from form in Forms from epsilon in Epsilons
            select (JsonNode)new JsonObject { ["with"] = target.Name, ["form"] = KebabCase.Of(form), ["epsilon"] = epsilon, ["spearman"] = JsonOutput.Number(Correlation(form, epsilon, target.Of)) }]),
    };

    /// <summary>As tables.</summary>
    public void Write(TextWriter output)
    {
        output.WriteLine(Introduction);
        Terminal.Write(output, Table(["intervention", "shown", "fresh", "gap", .. Epsilons.Select(Short)], Gaps.Select(Row)));
        output.WriteLine("rank correlation (Spearman) over these, by ε:");
        Terminal.Write(output, Table(["bound", "with", .. Epsilons.Select(Short)], Correlations()));
    }

    /// <summary>As a part of the page.</summary>
    public void Append(StringBuilder page)
    {
        page.Append("\n## A trained model for which the theory is exact\n\n").Append(Introduction).Append("\n\n");
        Append(page, ["intervention", "shown", "fresh", "gap", .. Epsilons.Select(epsilon => $"ε = {Short(epsilon)}")], Gaps.Select(Row));
        page.Append("\nRank correlation (Spearman) over these interventions:\n\n");
        Append(page, ["bound", "with", .. Epsilons.Select(epsilon => $"ε = {Short(epsilon)}")], Correlations());
    }

    private string Introduction => string.Create(CultureInfo.InvariantCulture, $"{Model}: Theorem 1 {(Holds ? "holds to rounding" : "FAILS")} in each of {Errors.Length} layers. Squared error on the N = {Demonstrations} demonstrations (shown) and on fresh points, b = {Given} given, {Prompts} prompts; their difference, the gap; and what truncation adds to Theorem 2's ε-regularised bound of the unedited model, as printed, R = 1.");

    private JsonObject Json(TruncatedGap gap) => new()
    {
        ["intervention"] = gap.Intervention,
        ["shown"] = gap.Shown,
        ["fresh"] = gap.Fresh,
        ["gap"] = gap.Gap,
        ["bounds"] = new JsonObject(Forms.Select(form => KeyValuePair.Create(KebabCase.Of(form), (JsonNode?)JsonOutput.Array(Epsilons.Select(epsilon => gap.Bound(form, epsilon)))))),
    };

    private string[] Row(TruncatedGap gap) => [gap.Intervention, Number(gap.Shown), Number(gap.Fresh), Number(gap.Gap), .. Epsilons.Select(epsilon => Signed(gap.Bound(BoundForm.Printed, epsilon) - Gaps[0].Bound(BoundForm.Printed, epsilon)))];

    private IEnumerable<string[]> Correlations() => from target in Targets from form in Forms
        select (string[])[KebabCase.Of(form), target.Name, .. Epsilons.Select(epsilon => Signed(Correlation(form, epsilon, target.Of)))];

    private double Correlation(BoundForm form, double epsilon, Func<TruncatedGap, double> target) => RankCorrelation.Spearman([.. Gaps.Select(gap => gap.Bound(form, epsilon))], [.. Gaps.Select(target)]);

    private static Table Table(string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var (place, column) in columns.Index()) table.AddColumn(place == 0 ? new TableColumn(column) : new TableColumn(column).RightAligned());
        foreach (var row in rows) table.AddRow(row);
        return table;
    }

    private static void Append(StringBuilder page, string[] columns, IEnumerable<string[]> rows)
    {
        page.Append("| ").AppendJoin(" | ", columns).Append(" |\n|").Append(string.Concat(columns.Select((_, place) => place == 0 ? "---|" : "---:|"))).Append('\n');
        foreach (var row in rows) page.Append("| ").AppendJoin(" | ", row).Append(" |\n");
    }

    private static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Signed(double value) => value.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture);

    private static string Short(double value) => value.ToString("G", CultureInfo.InvariantCulture);
}
