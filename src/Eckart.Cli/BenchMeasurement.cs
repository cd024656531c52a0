using System.CommandLine;
using Eckart.Engine;
using Eckart.Models;
using Eckart.Pruning;

namespace Eckart.Cli;

/// <summary>Measures cases on one model: rounds of the engine and passes of the reference in turn, and before and after each the machine's rate of plain products.</summary>
/// <param name="args">For progress.</param>
/// <param name="model">Still the caller's.</param>
/// <param name="options">Of the engine; without a cache, so that decompositions are timed.</param>
/// <param name="baseBytes">Memory of the process before there were any weights.</param>
/// <param name="cancellation">Checked often.</param>
internal sealed class BenchMeasurement(ParseResult args, CausalLm model, EngineOptions options, long baseBytes, CancellationToken cancellation) : IDisposable
{
    private const int ShortRounds = 3;
    private static readonly TimeSpan LongRound = TimeSpan.FromSeconds(20);

    private readonly WeightEditor editor = new(model, options.Svd, options.Seed);
    private GemmRate lastRate = GemmRate.Measure(model.Compute);

    private string TypeName => model.Compute.DType == TorchSharp.torch.bfloat16 ? "bf16" : "f32";

    /// <summary>Measures a case: the engine several times where that is short.</summary>
    public BenchResult Measure(BenchCase one)
    {
        var rounds = new List<EngineRound> { Round(one) };
        var sample = new ReferenceSample(model, editor, rounds[0].Requests, options.Seed);
        var count = rounds[0].Work.Time.Seconds < LongRound.TotalSeconds ? ShortRounds : 1;
        var blocks = Math.Max(count, sample.Blocks);
        var passes = new List<TimedWork> { Reference(one, sample, blocks / count) };
        while (rounds.Count < count)
        {
            rounds.Add(Round(one));
            passes.Add(Reference(one, sample, (blocks * rounds.Count / count) - (blocks * (rounds.Count - 1) / count)));
        }

        return new BenchResult(one)
        {
            Engine = [.. rounds.Select(round => round.Work)],
            Reference = passes,
            Trunk = Trunk(rounds[0].Requests),
            ReferencePasses = sample.Passes,
            ReferenceOperations = sample.AllOperations,
            BoundOperations = rounds[0].Bound,
            Agreement = sample.Compare(rounds[^1].Answers),
            PeakBytes = rounds.Max(round => round.PeakBytes) - baseBytes,
            Arithmetic = rounds[0].Arithmetic,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => editor.Dispose();

    // A new engine, as a run of the program has it.
    private EngineRound Round(BenchCase one)
    {
        using var progress = Progress.Start(args, $"{TypeName} {one.Title}, engine");
        using var memory = new AnonymousMemory();
        using var engine = WalkEngine.Over(model, options);
        if (one.Before.Count > 0) Score(engine, one.Before, one.Requests, null);
        var (before, bound) = (engine.Operations, engine.OperationsFor(one.Requests));
        var (requests, begun) = (one.Requests, WorkTime.Now);
        var answers = Score(engine, one.Requests, one.Later, progress.Report);
        var time = WorkTime.Now - begun;
        if (one.Then?.Invoke(answers) is { } last)
        {
            var first = bound;
            bound += engine.OperationsFor([last]);
            begun = WorkTime.Now;
            answers = [.. answers, .. Score(engine, [last], [], work => progress.Report(new WorkDone(first + work.Operations, bound)))];
            time += WorkTime.Now - begun;
            requests = [.. requests, last];
        }

        return new EngineRound(requests, answers, Timed(engine.Operations - before, time), bound, memory.Peak, engine.ArithmeticName);
    }

    private TimedWork Reference(BenchCase one, ReferenceSample sample, int blocks)
    {
        using var progress = Progress.Start(args, $"{TypeName} {one.Title}, reference", "blocks", blocks);
        var (operations, time) = (0L, default(WorkTime));
        for (var block = 0; block < blocks; block++)
        {
            var done = sample.RunBlock(cancellation);
            (operations, time) = (operations + done.Operations, time + done.Time);
            progress.Advance();
        }

        return Timed(operations, time);
    }

    // The unedited model over all that the case reads.
    private TimedWork Trunk(IReadOnlyList<ScoreRequest> requests)
    {
        using var engine = WalkEngine.Over(model, options);
        ScoreRequest[] unedited = [.. requests.Select(request => request.Queries).Distinct().Select(queries => new ScoreRequest(queries, Intervention.None))];
        var begun = WorkTime.Now;
        Score(engine, unedited, [], null);
        return Timed(engine.Operations, WorkTime.Now - begun);
    }

    private TimedWork Timed(long operations, WorkTime time)
    {
        var before = lastRate;
        lastRate = GemmRate.Measure(model.Compute);
        return new TimedWork(operations, time, new GemmRate((before.PerSecond + lastRate.PerSecond) / 2, (before.PerProcessorSecond + lastRate.PerProcessorSecond) / 2));
    }

    private TrialScores[] Score(WalkEngine engine, IReadOnlyList<ScoreRequest> requests, IReadOnlyList<ScoreRequest> later, Action<WorkDone>? progress)
    {
        var answers = new TrialScores[requests.Count];
        engine.Score(requests, later, (place, scores) => answers[place] = scores, progress, cancellation);
        return answers;
    }

    private sealed record EngineRound(IReadOnlyList<ScoreRequest> Requests, TrialScores[] Answers, TimedWork Work, long Bound, long PeakBytes, string Arithmetic);
}
