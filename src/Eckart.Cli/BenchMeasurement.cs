using System.CommandLine;
using System.Diagnostics;
using Eckart.Engine;
using Eckart.Models;
using Eckart.Pruning;

namespace Eckart.Cli;

/// <summary>Measures cases on one model: rounds of the engine and passes of the reference in turn, with the machine's rate of plain products between them.</summary>
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

    private string TypeName => model.Compute.DType == TorchSharp.torch.bfloat16 ? "bf16" : "f32";

    /// <summary>Measures a case.</summary>
    public BenchResult Measure(BenchCase one)
    {
        var rates = new List<double> { GemmRate.Measure(model.Compute) };
        var rounds = new List<EngineRound> { Round(one) };
        var sample = new ReferenceSample(model, editor, rounds[0].Requests, options.Seed);
        var count = rounds[0].Seconds < LongRound.TotalSeconds ? ShortRounds : 1;
        using (var progress = Progress.Start(args, $"{TypeName} {one.Title}, reference", "blocks", Math.Max(count, sample.Blocks)))
        {
            for (var (round, block) = (0, 0); block < Math.Max(count, sample.Blocks); round++)
            {
                if (round > 0 && round < count) rounds.Add(Round(one));
                rates.Add(GemmRate.Measure(model.Compute));
                for (var until = Math.Max(round + 1, sample.Blocks * (round + 1) / count); block < until; block++)
                {
                    sample.RunBlock(cancellation);
                    progress.Advance();
                }

                rates.Add(GemmRate.Measure(model.Compute));
            }
        }

        var trunk = Trunk(rounds[0].Requests);
        rates.Add(GemmRate.Measure(model.Compute));
        var (equal, ties, largest) = sample.Compare(rounds[^1].Answers);
        return new BenchResult(one)
        {
            ReferenceSeconds = sample.AllSeconds,
            ReferencePasses = sample.Passes,
            ReferenceOperations = sample.AllOperations,
            EngineSeconds = [.. rounds.Select(round => round.Seconds)],
            EngineOperations = rounds[0].Operations,
            BoundOperations = rounds[0].Bound,
            TrunkRate = trunk,
            GemmRate = rates.Order().ElementAt(rates.Count / 2),
            PredictionsEqual = equal,
            Ties = ties,
            LargestDifference = largest,
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
        var clock = Stopwatch.StartNew();
        IReadOnlyList<TrialScores> answers = Score(engine, one.Requests, one.Later, progress.Report);
        var seconds = clock.Elapsed.TotalSeconds;
        if (one.Then?.Invoke(answers) is not { } last) return Ended(one.Requests, answers);

        bound += engine.OperationsFor([last]);
        clock.Restart();
        answers = [.. answers, .. Score(engine, [last], [], progress.Report)];
        seconds += clock.Elapsed.TotalSeconds;
        return Ended([.. one.Requests, last], answers);

        EngineRound Ended(IReadOnlyList<ScoreRequest> requests, IReadOnlyList<TrialScores> found) =>
            new(requests, found, seconds, engine.Operations - before, bound, memory.Peak, engine.ArithmeticName);
    }

    // Operations a second of the unedited model over all that the case reads.
    private double Trunk(IReadOnlyList<ScoreRequest> requests)
    {
        using var engine = WalkEngine.Over(model, options);
        ScoreRequest[] unedited = [.. requests.Select(request => request.Queries).Distinct().Select(queries => new ScoreRequest(queries, Intervention.None))];
        var clock = Stopwatch.StartNew();
        Score(engine, unedited, [], null);
        return engine.Operations / clock.Elapsed.TotalSeconds;
    }

    private TrialScores[] Score(WalkEngine engine, IReadOnlyList<ScoreRequest> requests, IReadOnlyList<ScoreRequest> later, Action<WorkDone>? progress)
    {
        var answers = new TrialScores[requests.Count];
        engine.Score(requests, later, (place, scores) => answers[place] = scores, progress, cancellation);
        return answers;
    }

    private sealed record EngineRound(
        IReadOnlyList<ScoreRequest> Requests, IReadOnlyList<TrialScores> Answers, double Seconds, long Operations, long Bound, long PeakBytes, string Arithmetic);
}
