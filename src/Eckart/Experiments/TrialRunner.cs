using Eckart.Engine;
using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Experiments;

/// <summary>Runs trials on one model and task, each once: a trial that the journal has is taken from there.</summary>
/// <param name="engine">Scores the queries; still the caller's.</param>
/// <param name="variant">The task and protocol.</param>
/// <param name="common">What all trials of the run share; split, rows, engine and intervention are filled in here.</param>
/// <param name="journal">Keeps every finished trial; null where nothing is kept.</param>
/// <param name="clock">Tells how long a trial took.</param>
public sealed class TrialRunner(IScoringEngine engine, TaskVariant variant, TrialKey common, Journal? journal, TimeProvider clock)
{
    /// <summary>Trials, run now or found in the journal.</summary>
    /// <param name="wanted">In any order; those that are missing are run together.</param>
    /// <param name="later">What may be wanted next: work that it shares with these is kept.</param>
    /// <param name="progress">Called now and then, from any thread, where anything is run; may be null.</param>
    /// <param name="cancellation">Checked often; nothing of an unfinished trial is kept.</param>
    /// <returns>In the order asked for.</returns>
    /// <exception cref="Formats.InputException">A score or a weight to be truncated that is not finite, or a journal that cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IReadOnlyList<Trial> Run(IReadOnlyList<TrialRequest> wanted, IReadOnlyList<TrialRequest> later, Action<WorkDone>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(later);
        var rows = wanted.Select(one => one.Set).Distinct(ReferenceEqualityComparer.Instance).Cast<QuerySet>().ToDictionary(set => (object)set, set => set.Digest(), ReferenceEqualityComparer.Instance);
        var keys = wanted.Select(one => KeyOf(one, rows[one.Set])).ToArray();
        var trials = keys.Select(key => journal?.Find(key.Id()) as Trial).ToArray();
        int[] missing = [.. Enumerable.Range(0, wanted.Count).Where(i => trials[i] is null)];
        var since = clock.GetTimestamp();
        engine.Score([.. missing.Select(i => RequestOf(wanted[i]))], [.. later.Select(RequestOf)], Finish, progress, cancellation);
        foreach (var set in wanted.Select(one => one.Set).Distinct()) journal?.KeepItems(set.Digest(), () => ItemTexts.Of(variant, set));
        return [.. trials.Select(trial => trial!)];

        void Finish(int place, TrialScores scores)
        {
            var i = missing[place];
            trials[i] = TrialOf(keys[i], wanted[i].Set, scores);
            journal?.Append(trials[i]!, clock.GetElapsedTime(since));
            since = clock.GetTimestamp();
        }
    }

    private TrialKey KeyOf(TrialRequest wanted, string rows) =>
        common with { Split = wanted.Set.Split, Rows = rows, Engine = engine.Version, Intervention = wanted.Intervention.ToString() };

    private Trial TrialOf(TrialKey key, QuerySet set, TrialScores scores)
    {
        var trial = Trial.From(key, scores.Ranks.ToDictionary(rank => rank.Key.ToString(), rank => rank.Value), scores.Scores, set.Gold, set.Rows);
        return variant.PublishedDivisor(trial.N) is { } divisor ? trial with { AccuracyAsPublished = (double)trial.Correct / divisor } : trial;
    }

    private static ScoreRequest RequestOf(TrialRequest wanted) => new(wanted.Set.Queries, wanted.Intervention);
}

/// <summary>A trial that is wanted.</summary>
/// <param name="Set">The queries.</param>
/// <param name="Intervention">Resolved for the model.</param>
public sealed record TrialRequest(QuerySet Set, Intervention Intervention);
