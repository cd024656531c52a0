using Eckart.Engine;
using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Experiments;

/// <summary>Runs trials on one model and task, each once: a trial that the journal has is taken from there.</summary>
/// <param name="engine">Scores the queries.</param>
/// <param name="variant">The task and protocol.</param>
/// <param name="common">What all trials of the run share; split, rows and intervention are filled in here.</param>
/// <param name="journal">Keeps every finished trial; null where nothing is kept.</param>
/// <param name="clock">Tells how long a trial took.</param>
public sealed class TrialRunner(ReferenceEngine engine, TaskVariant variant, TrialKey common, Journal? journal, TimeProvider clock)
{
    /// <summary>A trial, run now or found in the journal.</summary>
    /// <param name="set">The queries.</param>
    /// <param name="intervention">Resolved for the model.</param>
    /// <param name="done">Called with the number of queries that are done, from any thread; may be null.</param>
    /// <param name="cancellation">Checked between queries; nothing of an unfinished trial is kept.</param>
    /// <exception cref="Formats.InputException">A score or a weight to be truncated that is not finite, or a journal that cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Trial Run(QuerySet set, Intervention intervention, Action<QueriesDone>? done, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(intervention);
        var key = common with { Split = set.Split, Rows = set.Digest(), Intervention = intervention.ToString() };
        if (journal?.Find(key.Id()) is { } known)
        {
            done?.Invoke(new QueriesDone(set.Queries.Count, Now: false));
            return known;
        }

        var started = clock.GetTimestamp();
        var scores = engine.Score(set.Queries, intervention, () => done?.Invoke(new QueriesDone(1, Now: true)), cancellation);
        var trial = Trial.From(key, scores.Ranks.ToDictionary(rank => rank.Key.ToString(), rank => rank.Value), scores.Scores, set.Gold, set.Rows);
        if (variant.PublishedDivisor(trial.N) is { } divisor) trial = trial with { AccuracyAsPublished = (double)trial.Correct / divisor };
        journal?.Append(trial, clock.GetElapsedTime(started));
        return trial;
    }
}

/// <summary>Progress of a trial.</summary>
/// <param name="Count">Queries more than before.</param>
/// <param name="Now">Whether they were worked out now, or found in the journal.</param>
public readonly record struct QueriesDone(int Count, bool Now);
