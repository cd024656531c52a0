using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

/// <summary>Every call to the file system that a whole run of a plan makes fails, whole or in shares that are merged; the same commands again end in the same bytes.</summary>
public sealed class PlanFaultTests : IDisposable
{
    private readonly Words words = new();

    public void Dispose() => words.Dispose();

    [Theory]
    [InlineData(Fault.FullForGood)]
    [InlineData(Fault.ShortThenFull)]
    [InlineData(Fault.Death)]
    internal async Task A_run_outlives_a_fault_at_any_call(Fault fault)
    {
        var files = await Whole(Accuracies).Survive(fault);

        Assert.Equal(
            "environment.json finished.json plan.yaml planned.json report.md results.csv timings.jsonl trials.jsonl trials.jsonl.lock",
            string.Join(' ', files.Where(file => !file.StartsWith("figures/", StringComparison.Ordinal) && !file.StartsWith("items/", StringComparison.Ordinal) && file != "report.html").Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData(Fault.Death)]
    internal async Task Shares_and_their_merge_outlive_a_fault_at_any_call(Fault fault)
    {
        var files = await Shares.Survive(fault);

        Assert.Subset(files.ToHashSet(), new HashSet<string> { "finished.json", "finished-1-of-2.json", "finished-2-of-2.json", "trials.jsonl", "trials-1-of-2.jsonl", "trials-2-of-2.jsonl", "report.md" });
    }

    [Fact]
    public Task A_run_of_spectra_that_dies_at_any_call_is_gone_on_with() => Whole(Spectra).Survive(Fault.Death);

    [LongFact]
    public Task A_run_of_functions_that_dies_at_any_call_is_gone_on_with() => Whole(Functions).Survive(Fault.Death);

    [LongFact]
    public async Task Every_run_outlives_every_fault_at_any_call()
    {
        foreach (var fault in Enum.GetValues<Fault>().Except([Fault.None]))
        {
            await Whole(Accuracies).Survive(fault);
            await Shares.Survive(fault);
            await Whole(Spectra).Survive(fault);
        }
    }

    private string Accuracies => words.File("plan.yaml", $"{{name: small, models: ['{words.Model}'], tasks: ['{words.Task}'], drop: -1}}");

    private string Spectra => words.File("plan.yaml", $"{{name: spectra, measure: spectra, models: ['{words.Model}'], modules: query}}");

    private string Functions => words.File("plan.yaml", "{name: functions, measure: functions, models: functions, functions: 2}");

    private FaultedCommands Shares
    {
        get
        {
            var plan = Accuracies;
            return new(words, run => [Run(plan, run, "--shard", "1/2"), Run(plan, run, "--shard", "2/2"), ["merge", words[run], "--out", words[run]]]);
        }
    }

    private FaultedCommands Whole(string plan) => new(words, run => [Run(plan, run)]);

    private string[] Run(string plan, string run, params string[] more) => ["run", plan, "--out", words[run], "--threads", "1", "--quiet", "--no-cache", .. more];
}
