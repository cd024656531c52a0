using Eckart.Engine;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Statistics;
using Eckart.Tasks;

namespace Eckart.Cli;

/// <summary>Some passes of a case by the reference procedure, timed, and held against the engine's answers.</summary>
internal sealed class ReferenceSample
{
    private const int LeastPasses = 64;
    private const int PassesAWorker = 4;
    private const double Tie = 1e-4;

    private readonly CausalLm model;
    private readonly WeightEditor editor;
    private readonly IReadOnlyList<ScoreRequest> requests;
    private readonly (int Request, int[] Queries)[] blocks;
    private readonly Dictionary<(int Request, int Query), double[]> scores = [];
    private int next;

    /// <param name="model">Still the caller's.</param>
    /// <param name="editor">Of the model; still the caller's.</param>
    /// <param name="requests">The whole case.</param>
    /// <param name="seed">Of the sample.</param>
    public ReferenceSample(CausalLm model, WeightEditor editor, IReadOnlyList<ScoreRequest> requests, long seed)
    {
        (this.model, this.editor, this.requests) = (model, editor, requests);
        blocks = Draw(new SplitMix64((ulong)seed));
    }

    /// <summary>Passes that ran.</summary>
    public int Passes { get; private set; }

    /// <summary>Operations of the whole case.</summary>
    public long AllOperations => requests.Sum(request => WorkCount.OfReference(model.Spec, request.Queries, request.Intervention));

    /// <summary>Blocks of passes that are drawn.</summary>
    public int Blocks => blocks.Length;

    /// <summary>Runs the next block, or the first ones again where all have run.</summary>
    /// <returns>Operations done, and their time.</returns>
    /// <remarks>The clock leaves out making the truncated matrices, which a whole case does seldom, and the time in which only some workers still have a pass to run.</remarks>
    public (long Operations, WorkTime Time) RunBlock(CancellationToken cancellation)
    {
        var (place, chosen) = blocks[next++ % blocks.Length];
        var (all, intervention) = requests[place];
        Query[] queries = [.. chosen.Select(i => all[i])];
        editor.Apply(intervention).Dispose();       // decomposes
        var begun = WorkTime.Now;
        editor.Apply(intervention).Dispose();
        var editing = WorkTime.Now - begun;
        using var engine = new ReferenceEngine(model, editor);
        var ends = new Dictionary<int, double>();
        begun = WorkTime.Now;
        var found = engine.Score(queries, intervention, () => { lock (ends) ends[Environment.CurrentManagedThreadId] = WorkTime.Now.Seconds - begun.Seconds; }, cancellation);
        var time = WorkTime.Now - begun;
        if (ends.Count == model.Compute.Workers) time = time with { Seconds = ends.Values.Average() };
        foreach (var (i, row) in chosen.Zip(found.Scores)) scores[(place, i)] = row;
        Passes += queries.Length;
        return (WorkCount.OfReference(model.Spec, queries, intervention), time - editing);
    }

    /// <summary>Holds an engine's answers to the whole case against the reference's, where that ran.</summary>
    /// <param name="answers">In the order of the case's requests.</param>
    public Agreement Compare(IReadOnlyList<TrialScores> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        var pairs = scores.Select(one => (Reference: one.Value, Engine: answers[one.Key.Request].Scores[one.Key.Query])).ToArray();
        var clear = pairs.Where(pair => !IsTie(pair.Reference)).ToArray();
        return new Agreement(
            clear.All(pair => ChoiceScores.Predict([pair.Reference, pair.Engine]) is [var a, var b] && a == b),
            pairs.Length - clear.Length,
            pairs.Max(pair => pair.Reference.Zip(pair.Engine, (a, b) => Math.Abs(a - b)).Max()));
    }

    private static bool IsTie(double[] scores) => scores.OrderDescending().Take(2).ToArray() is [var best, var second] && best - second < Tie;

    // A few passes a worker of one request after the other, until there are enough; requests and queries in a seeded order.
    private (int, int[])[] Draw(SplitMix64 random)
    {
        var drawn = Shuffled(requests.Count, random)
            .SelectMany(place => Shuffled(requests[place].Queries.Count, random).Chunk(PassesAWorker * model.Compute.Workers).Select((queries, turn) => (turn, place, queries)))
            .OrderBy(block => block.turn).ToArray();
        var passes = 0;
        return [.. drawn.TakeWhile(block => (passes += block.queries.Length) < LeastPasses + block.queries.Length).Select(block => (block.place, block.queries))];
    }

    private static int[] Shuffled(int count, SplitMix64 random)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        random.Shuffle<int>(order);
        return order;
    }
}
