using System.Collections.Immutable;
using Eckart.Engine;
using Eckart.Experiments;
using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Search;

/// <summary>The unedited and the chosen model on the test rows, after other numbers of demonstrations than the search's.</summary>
public sealed class ShotsStudy
{
    private readonly (TaskSession Session, QuerySet Test)[] sets;

    private ShotsStudy((TaskSession, QuerySet)[] sets) => this.sets = sets;

    /// <summary>Reads and encodes everything that is asked for, before anything runs.</summary>
    /// <param name="task">The model at the search's task.</param>
    /// <param name="shots">Numbers of demonstrations; may be none.</param>
    /// <exception cref="Formats.InputException">More demonstrations than were sampled.</exception>
    public static ShotsStudy Of(TaskSession task, ImmutableArray<int> shots)
    {
        ArgumentNullException.ThrowIfNull(task);
        return new ShotsStudy([.. shots.Order().Select(task.WithShots).Select(other => (other, other.Test()))]);
    }

    /// <summary>Runs what the journal lacks.</summary>
    /// <param name="journal">Keeps the trials; null where nothing is kept.</param>
    /// <param name="clock">Tells how long a trial took.</param>
    /// <param name="chosen">The search's choice.</param>
    /// <param name="progress">Called now and then, from any thread; may be null.</param>
    /// <param name="cancellation">Checked often.</param>
    public IReadOnlyList<ShotsPoint> Run(Journal? journal, TimeProvider clock, Intervention chosen, Action<WorkDone>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(chosen);
        return [.. sets.Select(set =>
        {
            Intervention[] wanted = chosen.IsNone ? [Intervention.None] : [Intervention.None, chosen];
            var trials = set.Session.Runner(journal, clock).Run([.. wanted.Select(one => new TrialRequest(set.Test, one))], [], progress, cancellation);
            return new ShotsPoint(set.Session.Shots, trials[0], trials[^1]);
        })];
    }
}
