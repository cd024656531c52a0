using Eckart.Reporting;
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

        Assert.Contains("| a-model | 2 | `mlp@0:0.5` | 0.5000 | 0.7000 | 0.5000 | 0.9000 | 0.125 |", report, StringComparison.Ordinal);
        Assert.Contains("| a-model | 8 | none better | 0.5000 | 0.5000 | 0.5000 | 0.5000 |  |", report, StringComparison.Ordinal);
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
        Assert.Contains("| first | 0.5 | +0.200 | -0.100 |", report, StringComparison.Ordinal);
        Assert.Contains("| second | 0.9 | -0.200 | +0.500 |", report, StringComparison.Ordinal);
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

    private static string Markdown(SomeRun run)
    {
        run.Written();
        return RunReport.Of(run.Folder).Markdown();
    }

    private static async Task<string> Report(TemporaryFolder folder, string name, string plan)
    {
        var (exit, _, error) = await CommandLine.Run("run", folder.File($"{name}.yaml", plan), "--quiet", "--out", Path.Combine(folder.Path, name));
        Assert.Equal((0, ""), (exit, error));
        return File.ReadAllText(Path.Combine(folder.Path, name, "report.md"));
    }
}
