using System.Globalization;
using System.Text;
using Eckart.Experiments;
using Eckart.Reporting;
using Eckart.Tests.Cli;
using Eckart.Tests.Support;
using Microsoft.VisualBasic.FileIO;

namespace Eckart.Tests.Reporting;

public sealed class RunReportTests
{
    private const string Hostile = "<script>alert(1)</script>|`{{data}}`";

    [Fact]
    public void Nothing_that_a_run_holds_becomes_markup()
    {
        using var run = new SomeRun($"name: s\ntitle: '{Hostile}'\n");
        var unedited = run.Named(Hostile.Replace('"', ' '), "aa11").Add("none", "00", "01", task: Hostile);
        run.Add("mlp@0:0.5", "01", "01", task: Hostile);
        run.Texts(unedited, [Hostile, "</script><img src=x onerror=alert(1)>"], [Hostile, "yes"]).Written();

        RunReport.Of(run.Folder).Write();

        var (html, markdown) = (File.ReadAllText(run["report.html"]), File.ReadAllText(run["report.md"]));
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.Equal(2, html.Split("<script").Length - 1);
        Assert.Contains("\\u003Cscript\\u003Ealert(1)", html, StringComparison.Ordinal);
        Assert.DoesNotContain(markdown.Split('\n'), line => line.Contains("<script", StringComparison.Ordinal) && !line.StartsWith("    ", StringComparison.Ordinal));        // but in a listing, where it is text
        Assert.Contains("&lt;script>alert(1)&lt;/script>\\|\\`{{data}}\\`", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_of_any_script_and_length_are_kept_as_they_are_up_to_a_length()
    {
        using var run = new SomeRun();
        var arabic = "هذا فيلم رائع";
        var unedited = run.Add("none", "00", "11");
        run.Add("mlp@0:0.5", "11", "11");
        run.Texts(unedited, arabic, string.Concat(Enumerable.Repeat("long 😀", 10_000))).Written();

        var html = Encoding.UTF8.GetString(RunReport.Of(run.Folder).Html());

        Assert.Contains(arabic, html, StringComparison.Ordinal);
        Assert.Contains("further characters", html, StringComparison.Ordinal);
        Assert.DoesNotContain("\uFFFD", html, StringComparison.Ordinal);
        Assert.True(html.Length < 100_000);
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    [InlineData("ar-SA")]
    public void Every_culture_gives_the_same_bytes(string culture)
    {
        using var run = Small();
        RunReport.Of(run.Folder).Write();
        var expected = Bytes(run);
        var before = CultureInfo.CurrentCulture;
        var there = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (there.NumberFormat.NumberDecimalSeparator, there.NumberFormat.NegativeSign, there.NumberFormat.NumberGroupSeparator) = culture[0] switch { 'd' => (",", "-", "."), 't' => (",", "−", " "), _ => ("٫", "؜-", "٬") };
        CultureInfo.CurrentCulture = there;

        RunReport.Of(run.Folder).Write();

        CultureInfo.CurrentCulture = before;
        Assert.Equal(expected.Keys, Bytes(run).Keys);
        foreach (var (file, bytes) in Bytes(run)) Assert.True(bytes.AsSpan().SequenceEqual(expected[file]), file);
    }

    [Fact]
    public void Figures_say_what_they_are_of()
    {
        using var run = Small();

        RunReport.Of(run.Folder).Write();

        var svg = File.ReadAllText(Assert.Single(Directory.GetFiles(run["figures"], "*rates.svg")));
        var words = string.Join(' ', System.Xml.Linq.XDocument.Parse(svg).Descendants().Where(one => one.Name.LocalName == "text").Select(one => one.Value));
        foreach (var expected in new[] { "a-model on some-task", "n = 10", "8 demonstrations", "seed 1", "test", "layer 0", "unedited", "most frequent answer", "mlp", "0.5" }) Assert.Contains(expected, words, StringComparison.Ordinal);
    }

    [Fact]
    public void One_trial_is_enough()
    {
        using var run = new SomeRun();
        run.Add("none", "0", "0");
        run.Written();

        RunReport.Of(run.Folder).Write();

        Assert.Contains("Only the unedited model was run", File.ReadAllText(run["report.md"]), StringComparison.Ordinal);
        Assert.Equal(2, File.ReadAllLines(run["results.csv"]).Length);
    }

    [Fact]
    public void A_run_without_its_unedited_trial_says_so()
    {
        using var run = new SomeRun();
        run.Add("mlp@0:0.5", "01", "01");
        run.Written();

        RunReport.Of(run.Folder).Write();

        Assert.Contains("the unedited model's trial is missing", File.ReadAllText(run["report.html"]).Replace("&#39;", "'", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void A_journal_without_a_line_gives_a_report_of_nothing()
    {
        using var run = new SomeRun();

        RunReport.Of(run.Written().Folder).Write();

        Assert.Contains("No trial is finished yet.", File.ReadAllText(run["report.md"]), StringComparison.Ordinal);
        Assert.Single(File.ReadAllLines(run["results.csv"]));
    }

    [Fact]
    public void A_torn_last_line_is_left_out_and_said()
    {
        using var run = Small();
        File.AppendAllText(run["trials.jsonl"], "{\"id\":\"12");

        var report = RunReport.Of(run.Folder);

        Assert.Equal(run.Trials.Count, report.Trials);
        Assert.Contains("was cut short", report.Markdown(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"id\": 7}\n{\"id\": 8}\n", "trials.jsonl:1: expected a trial")]
    [InlineData("hello\n\n", "trials.jsonl:1: expected a trial, found a line that is not JSON")]
    public void A_foreign_line_is_named(string lines, string problem)
    {
        using var run = new SomeRun();
        run.File("trials.jsonl", lines);

        Refused.With(() => RunReport.Of(run.Folder), problem);
    }

    [Fact]
    public void A_score_that_is_no_number_or_missing_is_named_by_its_line()
    {
        using var run = Small();
        var lines = File.ReadAllLines(run["trials.jsonl"]);
        foreach (var (damaged, problem) in new[] { (lines[1].Replace("-0.5", "NaN", StringComparison.Ordinal), "a line that is not JSON, as NaN stands in it"), (System.Text.RegularExpressions.Regex.Replace(lines[1], "\"scores\":.*\"gold\"", "\"gold\""), "expected a trial, found one without 'scores'"), (System.Text.RegularExpressions.Regex.Replace(lines[1], "\"scores\":.*\"gold\"", "\"scores\":[],\"gold\""), "expected 10 scores") })
        {
            File.WriteAllLines(run["trials.jsonl"], [lines[0], damaged, .. lines[2..]]);
            Refused.With(() => RunReport.Of(run.Folder), "trials.jsonl:2", problem);
        }
    }

    [Fact]
    public async Task A_folder_without_a_journal_is_refused()
    {
        using var folder = new TemporaryFolder();

        Refused.With(() => RunReport.Of(folder.Path), "expected a run's folder with trials*.jsonl, found none");
        await CommandLine.Refuses(["report", folder.Path, Path.Combine(folder.Path, "none")], "--out: expected a folder for the report of several runs");
        Refused.With(() => RunReport.Of(Path.Combine(folder.Path, "nowhere")), "found none");
    }

    [Fact]
    public void Items_of_something_else_are_named()
    {
        using var run = Small();
        var ten = string.Join(", ", Enumerable.Repeat("\"a\"", 9));
        foreach (var items in new[] { "{}", $$"""{"task": "t", "split": "test", "metric": "accuracy", "choices": [["no", "yes"]], "texts": [{{ten}}, null]}""", $$"""{"task": "t", "split": "test", "metric": "accuracy", "choices": [["no", null]], "texts": [{{ten}}, "a"]}""" })
        {
            run.File($"items/{run.Trials[0].Key.Rows[..32]}.json", items);

            Refused.With(() => RunReport.Of(run.Folder).Html(), ".json: expected the texts of 10 queries", "remove it");
        }
    }

    [Fact]
    public async Task Items_that_a_search_is_judged_by_are_named_too()
    {
        using var run = new SomeRun("name: s\nsearch: true\nmodules: [mlp]\nlayers: [0]\nrates: [0.5]\n");
        foreach (var split in new[] { "validation", "test" }) run.Add("none", "01", "01", split);
        foreach (var trial in run.Trials) run.File($"items/{trial.Key.Rows[..32]}.json", "{");

        var (exit, _, error) = await CommandLine.Run("report", run.Written().Folder);

        Assert.Equal(2, exit);
        Assert.Contains(".json: expected the texts of 2 queries", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_goes_on_says_how_far_it_is_and_a_share_that_it_is_one()
    {
        using var words = new Words();
        words.File("plan.yaml", $"{{name: small, models: ['{words.Model}'], tasks: ['{words.Task}'], modules: [mlp], layers: [all], rates: [0.5, 0.9]}}");
        Assert.Equal(0, (await CommandLine.Run("run", words["plan.yaml"], "--out", words["share"], "--quiet", "--shard", "1/3")).Exit);

        Assert.Equal(0, (await CommandLine.Run("report", words["share"])).Exit);

        Assert.Contains("This is not all of small: 2 of 7 trials, 1 of 3 shares done.", File.ReadAllText(words["share/report.md"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_runs_stand_in_one_report()
    {
        using var first = Small();
        using var second = new SomeRun("name: other\n");
        second.Named("b-model", "bb22").Add("none", "0000", "0101", task: "other-task", model: "bb22");
        second.Written();
        using var folder = new TemporaryFolder();
        var into = Path.Combine(folder.Path, "both");

        var (exit, output, error) = await CommandLine.Run("report", first.Folder, second.Folder, "--out", into);

        Assert.Equal((0, ""), (exit, error));
        Assert.Contains($"{first.Trials.Count + 1} trials, report.html", output, StringComparison.Ordinal);
        var markdown = File.ReadAllText(Path.Combine(into, "report.md"));
        Assert.StartsWith("# Made up; other\n", markdown, StringComparison.Ordinal);
        Assert.Contains("| a-model | some-task |", markdown, StringComparison.Ordinal);
        Assert.Contains("| b-model | other-task |", markdown, StringComparison.Ordinal);
        Assert.False(File.Exists(first["report.html"]));
        Assert.Contains("\"run\":\"Made up\"", File.ReadAllText(Path.Combine(into, "report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_of_results_is_read_by_another_parser()
    {
        using var run = Small();
        run.Add("mlp@0:0.25+attention@1:0.5", "0101010101", "0101010101", task: "a \"task\", with\nlines");
        run.Written();
        RunReport.Of(run.Folder).Write();

        using var parser = new TextFieldParser(run["results.csv"]) { TextFieldType = FieldType.Delimited, HasFieldsEnclosedInQuotes = true, TrimWhiteSpace = false };
        parser.SetDelimiters(",");
        var rows = new List<string[]>();
        while (parser.ReadFields() is { } fields) rows.Add(fields);

        Assert.Equal(run.Trials.Count + 1, rows.Count);
        Assert.All(rows, row => Assert.Equal(rows[0].Length, row.Length));
        var best = rows.Select(row => rows[0].Zip(row).ToDictionary(pair => pair.First, pair => pair.Second)).Single(row => row["intervention"] == "mlp@0:0.5");
        Assert.Equal(("mlp", "0", "0.5", "10", "10", "1", "5", "0", "0.5", "0.0625", "0.125"), (best["module"], best["layer"], best["rate"], best["n"], best["correct"], best["accuracy"], best["gained"], best["lost"], best["difference"], best["p_value"], best["p_corrected"]));
        Assert.Contains(rows, row => row.Any(cell => cell.ReplaceLineEndings("\n") == "a \"task\", with\nlines"));
    }

    private static SomeRun Small()
    {
        var run = new SomeRun();
        run.Add("none", "0000000000", "0101010101");
        run.Add("mlp@0:0.5", "0101010101", "0101010101");
        run.Add("drop@1", "0100000000", "0101010101");
        return run.Written();
    }

    private static SortedDictionary<string, byte[]> Bytes(SomeRun run) =>
        new(Directory.GetFiles(run["figures"]).Concat([run["report.html"], run["report.md"], run["results.csv"]]).ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes), StringComparer.Ordinal);
}
