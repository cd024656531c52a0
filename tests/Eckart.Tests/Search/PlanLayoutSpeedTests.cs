using System.Diagnostics;
using Eckart.Engine;
using Eckart.Experiments;
using Eckart.Experiments.Plans;
using Eckart.Models;
using Eckart.Search;
using Eckart.Tests.Support;

namespace Eckart.Tests.Search;

public sealed class PlanLayoutSpeedTests
{
    private const int Rates = 37_100;       // times nine modules, times three layers: a million

    [LongFact]
    public void A_million_trials_in_one_walk_are_laid_out_in_twenty_seconds()
    {
        var rates = string.Join(", ", Enumerable.Range(1, Rates).Select(i => FormattableString.Invariant($"{i / 40_000m}")));
        var plan = PlanFile.Parse($"{{name: million, validation: 16, test: 16, modules: [query, key, value, output, gate, up, down, mlp, attention], layers: all, rates: [{rates}]}}", "plan.yaml");
        using var runner = new PlanRunner(plan, model => new ModelSession(Checkpoint.Open(EmbeddedModels.Find(model)!), new ComputeOptions(TorchSharp.torch.CPU, TorchSharp.torch.float32, 2), new EngineOptions()), null);

        var time = Stopwatch.StartNew();
        var laid = runner.LayOut(estimate: true, new RunListener(), TestContext.Current.CancellationToken);
        time.Stop();

        var figures = FormattableString.Invariant($"{laid[0].Trials.Units} trials in {time.Elapsed.TotalSeconds:0.0} s; at most {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB, all that this process did before counted");
        TestContext.Current.TestOutputHelper?.WriteLine(figures);
        Assert.Equal((9 * 3 * Rates) + 1, laid[0].Trials.Units);
        Assert.True(time.Elapsed < TimeSpan.FromSeconds(20), figures);
    }
}
