using Eckart.Cli;
using Eckart.Engine;
using Eckart.Experiments;
using Eckart.Experiments.Plans;
using Eckart.Formats;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Search;
using Eckart.Tasks;
using Eckart.Tests.Support;

namespace Eckart.Tests.Search;

/// <summary>The processor time that laying a sweep out, keeping its lines and telling how far it is take beside what a program without them does, which opens the model, makes tokens of the items and scores them. The lines are kept of an engine that answers at once. Waiting for the disk takes none.</summary>
public sealed class SweepCostTests : IDisposable
{
    private const int Rounds = 6;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    // 17 µs of scoring an item leave little room beside its two numbers, which take half a microsecond to write.
    [LongFact]
    public void Of_a_sweep_of_a_tiny_model_it_is_under_a_tenth() =>
        Measure(EmbeddedModels.Find("microworld-llama")!, $"tasks: [context], test: 256, modules: [mlp, attention], layers: all, rates: [{string.Join(", ", Enumerable.Range(1, 150).Select(i => FormattableString.Invariant($"{i / 200m}")))}]", data: null, 0.1);

    [LongFact]
    public void Of_a_sweep_of_a_real_model_it_is_under_two_hundredths() =>
        Measure(Shared.Find(Shared.SmolLm2), "tasks: [sst2], test: 32, modules: [mlp, attention], layers: [first 2, last 2], rates: [0.1, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995]", Shared.Find("data"), 0.02);

    // The least of some rounds, by when all is compiled.
    private void Measure(string model, string grid, string? data, double most)
    {
        var plan = PlanFile.Parse($"{{name: cost, models: ['{model}'], {grid}}}", "plan.yaml");
        var (begun, scored, laidOut, kept) = (TimeSpan.MaxValue, TimeSpan.MaxValue, TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            TaskSession? opened = null;
            begun = Least(begun, ProcessorTime.Of(() => opened = Begin(plan, data)));
            using var session = opened!.Model;
            TrialRequest[] requests = [.. PlanGrid.Interventions(plan, session.Spec, _ => 0).Select(one => new TrialRequest(opened.Test(), one))];
            var engine = new KnownScores(requests[0].Set.Queries);
            var path = Path.Combine(folder.Path, FormattableString.Invariant($"run-{round}"));
            laidOut = Least(laidOut, ProcessorTime.Of(() => LayOut(plan, data)));
            kept = Least(kept, ProcessorTime.Of(() => Sweep(opened, requests, engine, path)));
            scored = Least(scored, ProcessorTime.Of(() => session.Engine().Score([.. requests.Select(one => new ScoreRequest(one.Set.Queries, one.Intervention))], [], (_, _) => { }, null, TestContext.Current.CancellationToken)));
        }

        var (beside, bare) = (laidOut - begun + kept, begun + scored);
        var figures = FormattableString.Invariant($"opening and scoring {bare.TotalSeconds:0.00} s of processors, besides laying out {(laidOut - begun).TotalSeconds:0.000} s, keeping lines {kept.TotalSeconds:0.000} s: {beside / bare:0.0%}");
        TestContext.Current.TestOutputHelper?.WriteLine(figures);
        Assert.True(beside < bare * most, figures);
    }

    private static TaskSession Begin(Plan plan, string? data)
    {
        var settings = PlanGrid.Episodes(plan).Single().Settings(plan, data);
        var task = new TaskSession(Open(plan.Models[0]), settings, settings.Draw());
        task.Test();
        return task;
    }

    // As the command does it, once; it opens the model of its own.
    private static void LayOut(Plan plan, string? data)
    {
        using var runner = new PlanRunner(plan, Open, data);
        using var progress = Progress();
        runner.LayOut(estimate: true, progress.Listener, TestContext.Current.CancellationToken);
    }

    // What is left of it but the report, as PlanRun and PlanRunner do it.
    private static void Sweep(TaskSession task, TrialRequest[] requests, KnownScores engine, string path)
    {
        using var progress = Progress();
        var run = RunFolder.Open(path, FileCalls.Disk);
        using var journal = run.OpenJournal();
        progress.Listener.Started!(journal.Lines, new TrialRange(requests.Length, requests.Length));
        journal.Appended = progress.Listener.Kept;
        Assert.Equal(requests.Length, new TrialRunner(engine, task.Variant, task.Key(journal), journal, TimeProvider.System).Run(requests, [], progress.Listener.Worked, TestContext.Current.CancellationToken).Count);
        journal.Settle(new LineOrder());
    }

    private static RunProgress Progress() => new(new LiveLines(TextWriter.Null, () => 100, TimeProvider.System), one => one.Trials.Model, TimeProvider.System);

    private static ModelSession Open(string model) => new(Checkpoint.Open(model), new ComputeOptions(TorchSharp.torch.CPU, TorchSharp.torch.float32, 1), new EngineOptions());

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private sealed class KnownScores(IReadOnlyList<Query> queries) : IScoringEngine
    {
        private const int Steps = 32;       // that a walk tells of, for each request

        private readonly TrialScores scores = new(Made(queries), new Dictionary<WeightSite, int>());

        public int Version => int.MaxValue;

        public void Score(IReadOnlyList<ScoreRequest> requests, IReadOnlyList<ScoreRequest> later, Action<int, TrialScores> finished, Action<WorkDone>? progress, CancellationToken cancellation)
        {
            for (var i = 0; i < requests.Count; i++)
            {
                for (var step = 0; step < Steps; step++) progress?.Invoke(new WorkDone((i * Steps) + step, requests.Count * Steps));
                finished(i, scores);
            }
        }

        public void Dispose()
        {
        }

        private static double[][] Made(IReadOnlyList<Query> queries)
        {
            var random = new Random(1);
            return [.. queries.Select(query => query.Choices.Select(_ => -10 * random.NextDouble()).ToArray())];
        }
    }
}
