using Eckart.Cli;
using Eckart.Engine;
using Eckart.Experiments;
using Eckart.Experiments.Plans;
using Eckart.Formats;
using Eckart.Models;
using Eckart.Search;
using Eckart.Tests.Support;

namespace Eckart.Tests.Search;

/// <summary>The processor time that laying a sweep out, keeping its lines and telling how far it is take beside the scoring itself. Waiting for the disk takes none.</summary>
public sealed class SweepCostTests : IDisposable
{
    private const int Rounds = 3;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    // 20 µs of scoring an item leave little room beside its two numbers.
    [LongFact]
    public void Of_a_sweep_of_a_tiny_model_it_is_under_a_quarter() =>
        Measure(EmbeddedModels.Find("microworld-llama")!, $"tasks: [context], test: 256, modules: [mlp, attention], layers: all, rates: [{string.Join(", ", Enumerable.Range(1, 150).Select(i => FormattableString.Invariant($"{i / 200m}")))}]", data: null, 0.25);

    [LongFact]
    public void Of_a_sweep_of_a_real_model_it_is_under_two_hundredths() =>
        Measure(Shared.Find(Shared.SmolLm2), "tasks: [sst2], test: 32, modules: [mlp, attention], layers: [first 2, last 2], rates: [0.1, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995]", Shared.Find("data"), 0.02);

    // In processor time, each the least of some rounds in turn.
    private void Measure(string model, string grid, string? data, double most)
    {
        var plan = PlanFile.Parse($"{{name: cost, models: ['{model}'], {grid}}}", "plan.yaml");
        var (scoring, sweep) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            scoring = Least(scoring, ProcessorTime.Of(() => Score(plan, data)));
            sweep = Least(sweep, ProcessorTime.Of(() => Sweep(plan, data, Path.Combine(folder.Path, FormattableString.Invariant($"run-{round}")))));
        }

        var figures = FormattableString.Invariant($"scoring alone {scoring.TotalSeconds:0.00} s, as a sweep {sweep.TotalSeconds:0.00} s of processors: {(sweep / scoring) - 1:0.0%} more");
        TestContext.Current.TestOutputHelper?.WriteLine(figures);
        Assert.True(sweep < scoring * (1 + most), figures);
    }

    private static void Score(Plan plan, string? data)
    {
        using var model = Open(plan.Models[0]);
        var settings = PlanGrid.Episodes(plan).Single().Settings(plan, data);
        var test = new TaskSession(model, settings, settings.Draw()).Test();
        model.Engine().Score([.. PlanGrid.Interventions(plan, model.Spec, _ => 0).Select(one => new ScoreRequest(test.Queries, one))], [], (_, _) => { }, null, TestContext.Current.CancellationToken);
    }

    // As the command does it, but for the report.
    private static void Sweep(Plan plan, string? data, string path)
    {
        using var runner = new PlanRunner(plan, Open, data);
        using var progress = new RunProgress(new LiveLines(TextWriter.Null, () => 100, TimeProvider.System), one => one.Trials.Model, TimeProvider.System);
        runner.LayOut(estimate: true, progress.Listener, TestContext.Current.CancellationToken);
        new PlanRun(plan, runner, Shard.Whole, TimeProvider.System).In(RunFolder.Open(path, FileCalls.Disk), progress.Listener, null, TestContext.Current.CancellationToken);
    }

    private static ModelSession Open(string model) => new(Checkpoint.Open(model), new ComputeOptions(TorchSharp.torch.CPU, TorchSharp.torch.float32, 1), new EngineOptions());

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
