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
        Assert.Matches(@"\d+ trials in \d+ walks", output);
    }

    [Theory]
    [MemberData(nameof(Plans))]
    public async Task Every_plan_runs_small_on_an_embedded_model(string name)
    {
        using var folder = new TemporaryFolder();
        string[] few = ["--model", "microworld-gptj", "--validation", "24", "--test", "24", "--quiet", "--out", folder.Path];

        var (exit, _, error) = await CommandLine.Run(["run", Path.Combine(Repository.Root, "plans", $"{name}.yaml"), "--task", "context", .. few]);

        Assert.Equal((0, ""), (exit, error));
        Assert.True(File.ReadAllLines(Path.Combine(folder.Path, "results.csv")).Length > 3);
        Assert.Contains("microworld-gptj on context", File.ReadAllText(Path.Combine(folder.Path, "report.md")), StringComparison.Ordinal);
    }
}
