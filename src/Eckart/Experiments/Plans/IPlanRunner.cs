using Eckart.Formats;

namespace Eckart.Experiments.Plans;

/// <summary>Runs plans of one measure. Holds the model that it opened last.</summary>
public interface IPlanRunner : IDisposable
{
    /// <summary>Lays the plan out, so that whatever is wrong is found before anything slow.</summary>
    /// <param name="estimate">Tells what it should take too, where that can be told: small pieces of it are timed.</param>
    /// <param name="listener">Is told of what takes a while.</param>
    /// <param name="cancellation">Checked between episodes.</param>
    /// <exception cref="InputException">A model, task, layer or matrix that is not there or malformed.</exception>
    IReadOnlyList<PlannedEpisode> LayOut(bool estimate, RunListener listener, CancellationToken cancellation);

    /// <summary>Runs what the journal lacks.</summary>
    /// <param name="journal">Keeps every line; null where nothing is kept.</param>
    /// <param name="shard">The share to run.</param>
    /// <param name="clock">Tells how long a line took; nothing else depends on it.</param>
    /// <param name="listener">Is told of how far it is.</param>
    /// <param name="cancellation">Checked often.</param>
    /// <exception cref="InputException">As <see cref="LayOut"/>; or a number that is not finite, or a journal that cannot be written.</exception>
    void Run(Journal? journal, Shard shard, TimeProvider clock, RunListener listener, CancellationToken cancellation);
}
