using Eckart.Formats;

namespace Eckart.Engine;

/// <summary>Scores queries under interventions.</summary>
public interface IScoringEngine : IDisposable
{
    /// <summary>Goes into the identity of trials: no two engines have the same, and it is raised whenever a change of the engine may change a digit.</summary>
    int Version { get; }

    /// <summary>Answers requests. The model is as it was afterwards.</summary>
    /// <param name="requests">In any order; answers do not depend on it, nor on what else is asked for.</param>
    /// <param name="later">What may be asked for next: work that it shares with this is kept where memory allows.</param>
    /// <param name="finished">Called with a request's place and its scores as soon as they are known, one at a time.</param>
    /// <param name="progress">Called now and then, from any thread; may be null.</param>
    /// <param name="cancellation">Checked often.</param>
    /// <exception cref="InputException">A score, or a weight to be truncated, is NaN or infinite, or memory does not suffice; the message names the query and the intervention, or the matrix.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    void Score(IReadOnlyList<ScoreRequest> requests, IReadOnlyList<ScoreRequest> later, Action<int, TrialScores> finished, Action<WorkDone>? progress, CancellationToken cancellation);
}

/// <summary>How far an engine is.</summary>
/// <param name="Operations">Multiplications and additions done, those of products only.</param>
/// <param name="Planned">All that the requests will take.</param>
public readonly record struct WorkDone(long Operations, long Planned);
