using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Eckart.Formats;
using Eckart.Theory.Checks;
using Spectre.Console;

namespace Eckart.Cli;

/// <summary>What <c>theory verify</c> found: as a table, JSON and a page.</summary>
/// <param name="Trials">Asked for.</param>
/// <param name="Seed">Of the instances.</param>
/// <param name="Checks">In the paper's order.</param>
/// <param name="Trained">What was found on a trained model.</param>
internal sealed record TheoryReport(int Trials, long Seed, ImmutableArray<CheckResult> Checks, TrainedTheory Trained)
{
    /// <summary>Those in which the checker did not find what is known.</summary>
    public IEnumerable<CheckResult> Unexpected => Checks.Where(check => !check.AsExpected);

    /// <summary>Writes the page.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, Encoding.UTF8.GetBytes(Page()));

    /// <summary>All of it as one document.</summary>
    public JsonObject ToJson() => new()
    {
        ["trials"] = Trials,
        ["seed"] = Seed,
        ["as_expected"] = !Unexpected.Any(),
        ["checks"] = new JsonArray([.. Checks.Select(Json)]),
        ["trained"] = Trained.ToJson(),
    };

    /// <summary>Writes the table.</summary>
    public void Write(TextWriter output)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("statement").AddColumn("verdict").AddColumn(new TableColumn("fails in").RightAligned()).AddColumn(new TableColumn("largest error").RightAligned()).AddColumn("claim");
        foreach (var check in Checks)
            table.AddRow(check.Name, Verdict(check), $"{check.Violations}/{check.Trials}", Error(check), Markup.Escape(check.Claim));
        Terminal.Write(output, table);
        foreach (var check in Checks.Where(check => check.Counterexample is not null)) output.WriteLine($"{check.Name}: {check.Counterexample}");
        Trained.Write(output);
        output.WriteLine(Summary());
    }

    /// <summary>The page: what could stand as an appendix of the paper.</summary>
    public string Page()
    {
        var page = new StringBuilder();
        page.Append("# The paper's statements, checked\n\n");
        page.Append(CultureInfo.InvariantCulture, $"`eckart theory verify --trials {Trials} --seed {Seed} --out FILE.md` wrote this page. {Summary()}\n\n");
        page.Append("An instance is a random layer, prompt or distribution of a few numbers, in float64. An equality fails where two sides differ by more than 1e-9 of their size, an inequality where it is missed by more than that; *largest error* is relative,\n");
        page.Append("and of an inequality the largest excess: 0.44 is a rise to 1.44 times. A counterexample of a trial is made again by the same command.\n\n");
        page.Append("| statement | claim | verdict | fails in | largest error | note |\n|---|---|---|---|---|---|\n");
        foreach (var check in Checks)
            page.Append(CultureInfo.InvariantCulture, $"| {check.Name} | {Cell(check.Claim)} | {Verdict(check)} | {check.Violations} of {check.Trials} | {Error(check)} | {Cell(check.Note)} |\n");
        page.Append("\n## Counterexamples\n\n");
        foreach (var check in Checks.Where(check => check.Counterexample is not null)) page.Append(CultureInfo.InvariantCulture, $"- **{check.Name}**: {check.Counterexample}\n");
        Trained.Append(page);
        return page.ToString();
    }

    private string Summary() => Invariant($"{Checks.Length} statements: {Checks.Count(check => check.Holds)} hold, {Checks.Count(check => !check.Holds)} fail; {(Unexpected.Any() ? $"not what is known: {string.Join(", ", Unexpected.Select(check => check.Name))}" : "all as is known")}.");

    private static string Verdict(CheckResult check) => check.Holds ? "holds" : "fails";

    // What is rounding differs from one machine's mathematical library to another's; its size does not matter.
    private static string Error(CheckResult check) => check.LargestError switch
    {
        0 => "0",
        < 1e-9 => "rounding",
        < 1000 => Invariant($"{check.LargestError:0.###}"),
        double.PositiveInfinity => "∞",
        _ => Invariant($"{check.LargestError:0.0e+0}"),
    };

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static JsonObject Json(CheckResult check) => new()
    {
        ["name"] = check.Name,
        ["claim"] = check.Claim,
        ["holds"] = check.Holds,
        ["expected"] = check.Expected,
        ["trials"] = check.Trials,
        ["violations"] = check.Violations,
        ["largest_error"] = JsonOutput.Number(check.LargestError),
        ["note"] = check.Note,
        ["counterexample"] = check.Counterexample,
    };

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
