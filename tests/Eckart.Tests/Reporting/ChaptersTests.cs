using System.Text;
using Eckart.Experiments;
using Eckart.Reporting;
using Eckart.Reporting.Chapters;
using Eckart.Statistics;
using Eckart.Tests.Cli;
using Eckart.Tests.Support;

namespace Eckart.Tests.Reporting;

/// <summary>What reports say of plans that are more than a sweep.</summary>
public sealed class ChaptersTests
{
    private const string Gold = "0101010101";
    private const string Both = "{name: made-up, split: both, modules: mlp, layers: [0], rates: [0.5, 0.9], shots: [2, 8]}";

    [Fact]
    public void The_rate_that_validation_chooses_is_shown_with_its_test_for_each_number_of_demonstrations()
    {
        using var run = new SomeRun(Both);
        foreach (var shots in new[] { 2, 8 })
        {
            run.Add("none", "0000000000", Gold, "validation", shots: shots);
            run.Add("mlp@0:0.5", shots == 2 ? "0101000000" : "0000000000", Gold, "validation", shots: shots);
            run.Add("mlp@0:0.9", shots == 2 ? "0100000000" : "1111111111", Gold, "validation", shots: shots);
            run.Add("none", "0000000000", Gold, shots: shots);
            run.Add("mlp@0:0.5", "0101010100", Gold, shots: shots);
            run.Add("mlp@0:0.9", "0101010101", Gold, shots: shots);
        }

        var report = Markdown(run);

        Assert.Contains("| a-model | 2 | `mlp@0:0.5` | 0.5000 | 0.7000 | 0.5000 | 0.9000 | 4, 0 | 0.125 | 0.125 |", report, StringComparison.Ordinal);
        Assert.Contains("| a-model | 8 | none better | 0.5000 | 0.5000 | 0.5000 | 0.5000 |  |  |  |", report, StringComparison.Ordinal);
    }

    [Fact]
    public void One_tasks_rate_is_held_against_all_others()
    {
        using var run = new SomeRun(Both.Replace("[2, 8]", "[8]", StringComparison.Ordinal));
        foreach (var task in new[] { "first", "second" })
        {
            run.Add("none", "0000000000", Gold, "validation", task);
            run.Add("mlp@0:0.5", task == "first" ? "0100000000" : "0000000000", Gold, "validation", task);
            run.Add("mlp@0:0.9", task == "first" ? "0000000000" : "0101010101", Gold, "validation", task);
            run.Add("none", "0000000000", Gold, task: task);
            run.Add("mlp@0:0.5", task == "first" ? "0101000000" : "1000000000", Gold, task: task);       // 7 right, 4 right
            run.Add("mlp@0:0.9", task == "first" ? "1010000000" : "0101010101", Gold, task: task);       // 3 right, 10 right
        }

        var report = Markdown(run);

        Assert.Contains("| (unedited) | 0 | 0.5000 | 0.5000 |", report, StringComparison.Ordinal);
        Assert.Contains("| first | 0.5 | +0.200 (2, 0) | -0.100 (0, 1) |", report, StringComparison.Ordinal);
        Assert.Contains("| second | 0.9 | -0.200 (0, 2) | +0.500 (5, 0) |", report, StringComparison.Ordinal);
        Assert.Contains("| 0.5 | 1 of 2 | +0.050 | -0.100 | +0.200 |", report, StringComparison.Ordinal);
        Assert.Contains("| 0.9 | 1 of 2 | +0.150 | -0.200 | +0.500 |", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Orders_spectra_and_functions_are_reported_as_they_were_measured()
    {
        using var folder = new TemporaryFolder();
        var orders = await Report(folder, "orders", "{name: orders, orders: [0, 3, 5], interventions: 'mlp@2:0.75', test: 40}");
        var spectra = await Report(folder, "spectra", "{name: spectra, measure: spectra}");
        var functions = await Report(folder, "functions", "{name: functions, measure: functions, modules: mlp, layers: [0], rates: 0.9, functions: 8}");

        var unedited = Shape.Lines(File.ReadAllText(Path.Combine(folder.Path, "orders", "trials.jsonl"))).Where(trial => trial.GetProperty("intervention").GetString() == "none").Select(trial => trial.GetProperty("accuracy").GetDouble()).ToArray();
        Assert.Contains(FormattableString.Invariant($"| unedited | {unedited.Min():0.0000} | {unedited.Average():0.0000} | {unedited.Max():0.0000} |"), orders, StringComparison.Ordinal);
        Assert.Contains("The spectra of 21 matrices of microworld-llama.", spectra, StringComparison.Ordinal);
        Assert.Contains("By condition numbers of mlp, Algorithm 1 takes layer 0, which has the largest.", spectra, StringComparison.Ordinal);
        Assert.Equal(22, File.ReadAllLines(Path.Combine(folder.Path, "spectra", "results.csv")).Length);
        Assert.Contains("9 learners of linear functions", functions, StringComparison.Ordinal);
        Assert.Contains("| `mlp@0:0.9` |", functions, StringComparison.Ordinal);
        Assert.Equal(1 + (9 * 16), File.ReadAllLines(Path.Combine(folder.Path, "functions", "results.csv")).Length);
        Assert.Equal(["functions-functions-learners.png", "functions-functions-steps.png", "functions-functions-truncated.png"], Directory.GetFiles(Path.Combine(folder.Path, "functions", "figures"), "*.png").Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Decompositions_and_dtypes_stand_apart()
    {
        using var run = new SomeRun(Both);
        foreach (var (dtype, svd) in new[] { ("f32", "exact"), ("bf16", "exact"), ("f32", "randomized") })
            foreach (var shots in new[] { 2, 8 })
                foreach (var split in new[] { "validation", "test" })
                {
                    run.Add("none", "0000000000", Gold, split, shots: shots, change: key => key with { Dtype = dtype, Svd = svd });
                    run.Add("mlp@0:0.5", dtype == "f32" ? Gold : "0100000000", Gold, split, shots: shots, change: key => key with { Dtype = dtype, Svd = svd });
                }

        run.Written();
        RunReport.Of(run.Folder).Write();

        Assert.Equal(3, Directory.GetFiles(run["figures"], "*shots*.svg").Length);
        Assert.Contains("| a-model | 2 | `mlp@0:0.5` | 0.5000 | 0.6000 | 0.5000 | 0.6000 | 1, 0 | 1 | 1 |", File.ReadAllText(run["report.md"]), StringComparison.Ordinal);
        Assert.Contains("| a-model | 2 | `mlp@0:0.5` | 0.5000 | 1.0000 | 0.5000 | 1.0000 | 5, 0 | 0.0625 | 0.125 |", File.ReadAllText(run["report.md"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Figures_of_several_runs_and_seeds_are_files_of_their_own_and_orders_are_panels_of_one()
    {
        using var run = new SomeRun();
        foreach (var (seed, order) in new[] { (1L, (long?)null), (1, 3), (2, null) })
        {
            run.Add("none", "0000000000", Gold, change: key => key with { Seed = seed, Order = order });
            run.Add("mlp@0:0.5", Gold, Gold, change: key => key with { Seed = seed, Order = order });
        }

        run.Written();
        using var folder = new TemporaryFolder();
        var copy = Directory.CreateDirectory(Path.Combine(folder.Path, "copy")).FullName;
        foreach (var file in Directory.GetFiles(run.Folder)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        var into = Path.Combine(folder.Path, "both");

        RunReport.Of([run.Folder, copy], into).Write();

        Assert.Equal(4, Directory.GetFiles(Path.Combine(into, "figures"), "*.png").Length);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(into, "figures"), "*-orders-*.svg").Count(file => File.ReadAllText(file) is var svg && svg.Contains("mlp, order 0", StringComparison.Ordinal) && svg.Contains("mlp, order 3", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_layer_without_a_rate_has_a_gap_there()
    {
        var figure = FunctionsChapter.TruncationFigure("a model", Errors(0.5), [Learner("mlp@0:0.5", 0.1), Learner("mlp@0:0.9", 0.2), Learner("mlp@1:0.9", 0.3)])!;

        Assert.Equal(["0", "0.5", "0.9"], figure.Positions);
        Assert.Equal([0.5, 0.1, 0.2], figure.Series[0].Values.Select(value => value?.Value));
        Assert.Equal([0.5, null, 0.3], figure.Series[1].Values.Select(value => value?.Value));
        Assert.NotEmpty(figure.ToFiles().Svg);
    }

    [Fact]
    public void Errors_below_the_controls_are_counted_with_intervals_that_hold_together()
    {
        using var run = new SomeRun("{name: f, measure: functions, modules: mlp, layers: [0], rates: 0.9, alpha: 0.1}");
        ErrorsLine[] lines = [Learner("none", 0.5), Learner("mlp@0:0.5", 0.1, -0.4, -0.3), Learner("mlp@0:0.9", 0.2, -0.3, 0.01), Learner("mlp@1:0.9", 0.7, 0.2, 0.2)];
        run.File("trials.jsonl", string.Concat(lines.Select(line => Encoding.UTF8.GetString(line.ToJson()) + "\n")));

        RunReport.Of(run.Folder).Write();

        Assert.Contains("Of 3 interventions, 2 lower the error, 1 lower it below the control's too, and 1 raise it", File.ReadAllText(run["report.md"]), StringComparison.Ordinal);
        Assert.Contains("at 90%", File.ReadAllText(run["report.md"]), StringComparison.Ordinal);
        Assert.DoesNotContain("95%", File.ReadAllText(run["report.html"]), StringComparison.Ordinal);
        Assert.Contains("beyond_control_high_for_all", File.ReadAllLines(run["results.csv"])[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_share_of_the_spectra_does_not_tell_what_Algorithm_1_takes()
    {
        using var folder = new TemporaryFolder();
        var share = await Report(folder, "share", "{name: spectra, measure: spectra}", "--shard", "1/3");
        var part = await Report(folder, "part", "{name: spectra, measure: spectra, modules: [down]}");
        var module = await Report(folder, "module", "{name: spectra, measure: spectra, modules: [mlp]}");

        Assert.DoesNotContain("Algorithm 1 takes", share + part, StringComparison.Ordinal);
        Assert.Contains("By condition numbers of mlp, Algorithm 1 takes layer 0", module, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_that_measure_different_things_have_a_table_each()
    {
        using var folder = new TemporaryFolder();
        await Report(folder, "spectra", "{name: spectra, measure: spectra}");
        using var run = new SomeRun();
        run.Add("none", "01", "01");
        run.Written();
        var into = Path.Combine(folder.Path, "both");

        RunReport.Of([run.Folder, Path.Combine(folder.Path, "spectra")], into).Write();

        Assert.Equal((2, 22), (File.ReadAllLines(Path.Combine(into, "results.csv")).Length, File.ReadAllLines(Path.Combine(into, "spectra.csv")).Length));
    }

    private static LearnerErrors Errors(double mean, double? high = null) =>
        new("some", [mean, mean], [new Interval(mean, mean), new Interval(mean, mean)], mean, new Interval(mean, mean)) { SimultaneousInterval = high is { } end ? new Interval(Math.Min(mean, end), end) : null };

    private static ErrorsLine Learner(string name, double error, double? difference = null, double? beyond = null)
    {
        var key = new LearnerKey("aa11", name, 5, 2, 8, 1, 0.1, 3, "f32", 1);
        return new ErrorsLine { Id = key.Id(), Learner = key, Errors = Errors(error), Differences = difference is { } less ? Errors(less, less) : null, BeyondControl = beyond is { } over ? Errors(-0.2, over) : null };
    }

    private static string Markdown(SomeRun run)
    {
        run.Written();
        return RunReport.Of(run.Folder).Markdown();
    }

    private static async Task<string> Report(TemporaryFolder folder, string name, string plan, params string[] more)
    {
        var (exit, _, error) = await CommandLine.Run(["run", folder.File($"{name}.yaml", plan), "--quiet", "--out", Path.Combine(folder.Path, name), .. more]);
        Assert.Equal((0, ""), (exit, error));
        Assert.Equal(0, (await CommandLine.Run("report", Path.Combine(folder.Path, name))).Exit);
        return File.ReadAllText(Path.Combine(folder.Path, name, "report.md"));
    }
}
