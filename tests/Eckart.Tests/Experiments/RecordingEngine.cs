using Eckart.Engine;

namespace Eckart.Tests.Experiments;

/// <summary>An engine that remembers what it was asked.</summary>
internal sealed class RecordingEngine(IScoringEngine engine) : IScoringEngine
{
    private readonly List<string> asked = [];

    /// <summary>Interventions with the number of queries, in the order in which they were asked for.</summary>
    public IReadOnlyList<string> Asked => asked;

    public int Version => engine.Version;

    public void Score(IReadOnlyList<ScoreRequest> requests, IReadOnlyList<ScoreRequest> later, Action<int, TrialScores> finished, Action<WorkDone>? progress, CancellationToken cancellation)
    {
        asked.AddRange(requests.Select(request => $"{request.Intervention} {request.Queries.Count}"));
        engine.Score(requests, later, finished, progress, cancellation);
    }

    public void Dispose()
    {
    }
}
