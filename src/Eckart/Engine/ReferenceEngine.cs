using Eckart.Formats;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tasks;
using static TorchSharp.torch;

namespace Eckart.Engine;

/// <summary>The published procedure: one full pass over the whole prompt for every query and intervention, nothing shared. Slow and plain, it is what any faster engine is held to.</summary>
/// <param name="model">The model; still the caller's. One call at a time.</param>
/// <param name="editor">Edits that model; still the caller's.</param>
/// <remarks>Log-probabilities are taken in float64 from the logits of the rows that are scored.</remarks>
public sealed class ReferenceEngine(CausalLm model, WeightEditor editor) : IScoringEngine
{
    /// <inheritdoc/>
    public int Version => EngineVersions.Reference;

    /// <inheritdoc/>
    public void Score(IReadOnlyList<ScoreRequest> requests, IReadOnlyList<ScoreRequest> later, Action<int, TrialScores> finished, Action<WorkDone>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(finished);
        var work = requests.Select(request => WorkCount.OfReference(model.Spec, request.Queries, request.Intervention)).ToArray();
        var (planned, done) = (work.Sum(), 0L);
        for (var i = 0; i < requests.Count; i++)
        {
            var each = work[i] / requests[i].Queries.Count;
            finished(i, Score(requests[i].Queries, requests[i].Intervention, () => progress?.Invoke(new WorkDone(Interlocked.Add(ref done, each), planned)), cancellation));
        }
    }

    /// <summary>Nothing: model and editor are the caller's.</summary>
    public void Dispose()
    {
    }

    /// <summary>Scores queries under an intervention; the model is as it was afterwards.</summary>
    /// <param name="queries">In order.</param>
    /// <param name="intervention">Resolved for the model.</param>
    /// <param name="done">Called after each query, from any thread; may be null.</param>
    /// <param name="cancellation">Checked between queries.</param>
    /// <exception cref="InputException">A score, or a weight to be truncated, is NaN or infinite; the message names the query or the matrix, and the intervention.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the model is as it was.</exception>
    public TrialScores Score(IReadOnlyList<Query> queries, Intervention intervention, Action? done, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(queries);
        using var edit = editor.Apply(intervention);
        var scores = new double[queries.Count][];
        Workers.Run(queries.Count, model.Compute.Workers, i =>
        {
            scores[i] = Score(queries[i]);
            if (!scores[i].All(double.IsFinite))
                throw NotFinite.Scores(queries[i], intervention);
            done?.Invoke();
        }, cancellation);

        return new TrialScores(scores, new Dictionary<WeightSite, int>(edit.Ranks));
    }

    private double[] Score(Query query)
    {
        var sums = Sums(query.Choices);
        var priors = query.Priors.IsEmpty ? new double[sums.Length] : Sums(query.Priors);
        return [.. query.Choices.Select((choice, i) => (sums[i] / choice.Divisor) - priors[i])];
    }

    private double[] Sums(IReadOnlyList<Continuation> continuations)
    {
        var sums = new double[continuations.Count];
        foreach (var pass in Pass.For(continuations))
        {
            using var scope = NewDisposeScope();
            var states = model.HiddenStates(pass.Input.Span);
            if (continuations[pass.Served[0]].Own == 0)
                sums[pass.Served[0]] = MeanLogit(states);
            else
                AddLogProbabilities(states, [.. pass.Served.Select(i => (i, continuations[i]))], sums);
        }

        return sums;
    }

    private double MeanLogit(Tensor states)
    {
        using var scope = NewDisposeScope();
        return model.Logits(states).mean([0, 1], keepdim: false, type: ScalarType.Float64).item<double>();
    }

    // A token is predicted at the position before it; the head runs once, over the rows that any continuation needs.
    private void AddLogProbabilities(Tensor states, IReadOnlyList<(int Index, Continuation Continuation)> served, double[] sums)
    {
        using var scope = NewDisposeScope();
        var first = served.Min(one => FirstRow(one.Continuation));
        var logits = model.Logits(states.narrow(0, first, served.Max(one => one.Continuation.Ids.Length - 1) - first)).to(float64);     // (rows, V)
        var normalizer = logits.logsumexp(1);                                                                                       // (rows)
        foreach (var (index, continuation) in served)
        {
            var start = FirstRow(continuation) - first;
            var ids = tensor(Array.ConvertAll(continuation.Ids.Span[^continuation.Own..].ToArray(), id => (long)id)).to(logits.device).unsqueeze(1);
            var chosen = logits.narrow(0, start, continuation.Own).gather(1, ids).squeeze(1);
            sums[index] = chosen.sub(normalizer.narrow(0, start, continuation.Own)).sum().item<double>();
        }
    }

    private static int FirstRow(Continuation continuation) => continuation.Ids.Length - continuation.Own - 1;
}
