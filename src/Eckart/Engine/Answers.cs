using Eckart.Engine.Packing;
using Eckart.Formats;
using Eckart.Models;
using Eckart.Tasks;

namespace Eckart.Engine;

/// <summary>Scores of requests, put together from what branches found.</summary>
/// <param name="requests">In the caller's order.</param>
/// <param name="layoutOf">How a list of queries was read.</param>
/// <param name="finished">Told of each request once all of its prompts are scored.</param>
/// <param name="spec">Of the model.</param>
internal sealed class Answers(IReadOnlyList<ScoreRequest> requests, Func<IReadOnlyList<Query>, Layout> layoutOf, Action<int, TrialScores> finished, ModelSpec spec)
{
    private readonly HashSet<int> done = [];

    /// <summary>Takes in what the head found for a request.</summary>
    /// <param name="request">Its place.</param>
    /// <param name="rows">Of all its prompts.</param>
    /// <exception cref="InputException">A score is NaN or infinite.</exception>
    public void Add(int request, IReadOnlyDictionary<Chunk, double[][]> rows)
    {
        if (!done.Add(request)) return;
        var (queries, intervention) = requests[request];
        var scores = layoutOf(queries).Scores(rows);
        if (Enumerable.Range(0, scores.Count).FirstOrDefault(i => !scores[i].All(double.IsFinite), -1) is >= 0 and var bad)
            throw NotFinite.Scores(queries[bad], intervention);
        finished(request, new TrialScores(scores, intervention.Ranks(spec)));
    }
}
