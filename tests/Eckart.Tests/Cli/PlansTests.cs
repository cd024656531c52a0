using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

public sealed class PlansTests
{
    public static TheoryData<string> Plans => [.. Directory.GetFiles(Path.Combine(Repository.Root, "plans"), "*.yaml").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Plans))]
    public async Task Every_plan_is_laid_out_on_the_embedded_models(string name)
    {
        var (exit, output, error) = await CommandLine.Run("run", Path.Combine(Repository.Root, "plans", $"{name}.yaml"), "--dry-run", "--quiet");

        Assert.Equal((0, ""), (exit, error));
        Assert.Matches(@"\d+ trials in \d+ walks?", output);
    }

    [Theory]
    [MemberData(nameof(Plans))]
    public async Task Every_plan_runs_small_on_an_embedded_model(string name)
    {
        using var folder = new TemporaryFolder();
        var plan = Path.Combine(folder.Path, "plan.yaml");
        File.WriteAllText(plan, File.ReadAllText(Path.Combine(Repository.Root, "plans", $"{name}.yaml")).Replace("functions: 640", "functions: 8", StringComparison.Ordinal));
        string[] few = ["--validation", "24", "--test", "24", "--quiet", "--out", Path.Combine(folder.Path, "run")];
        string[] model = name is "figure-5" ? [] : ["--model", "microworld-gptj"];

        var (exit, output, error) = await CommandLine.Run(["run", plan, "--task", "context", .. model, .. few]);

        Assert.Equal((0, ""), (exit, error));
        Assert.Matches(@"(?m)^\d+ (trials|matrices|learners) in ", output);
        Assert.True(File.ReadAllLines(Path.Combine(folder.Path, "run", "trials.jsonl")).Length > 3);
        Assert.True(File.Exists(Path.Combine(folder.Path, "run", "report.md")));
        Assert.True(File.Exists(Path.Combine(folder.Path, "run", "results.csv")));
    }
}
