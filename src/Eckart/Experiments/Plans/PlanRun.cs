namespace Eckart.Experiments.Plans;

/// <summary>A plan, or a share of it, run in a folder to its end.</summary>
/// <param name="Plan">What is run.</param>
/// <param name="Runner">Runs it; still the caller's.</param>
/// <param name="Shard">The share.</param>
/// <param name="Clock">Tells when the folder's environment was written down.</param>
public sealed record PlanRun(Plan Plan, IPlanRunner Runner, Shard Shard, TimeProvider Clock)
{
    /// <summary>Whether the folder may hold searches with other settings too.</summary>
    public bool OneSearch { get; init; }

    /// <summary>Runs what the folder lacks, brings its lines into their order, and writes down that the share is finished.</summary>
    /// <param name="folder">Of this plan, or a new one.</param>
    /// <param name="listener">Is told of how far it is.</param>
    /// <param name="dropped">Called before anything is run, where the last line of the journal was cut short.</param>
    /// <param name="cancellation">Checked often; the folder stays as it is, to be gone on with.</param>
    /// <returns>Lines of the share.</returns>
    /// <exception cref="Formats.InputException">A folder of another plan, or anything that a runner refuses; what was finished stays, and a folder in which nothing was is removed again.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public int In(RunFolder folder, RunListener listener, Action? dropped, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(listener);
        var work = new PlannedWork(Plan.Searches, [.. Runner.LayOut(count: false, listener, cancellation).Select(one => one.Trials)]);
        try
        {
            Keep(work, folder);
            using var journal = folder.OpenJournal(Shard.JournalName);
            if (journal.Dropped > 0) dropped?.Invoke();
            Runner.Run(journal, Shard, listener with { Opened = Opened }, cancellation);
            journal.Settle(LineOrder.Instance);
            new FinishedShare(journal.Count).Keep(folder, Shard);       // of this share alone: what ails another's journal is not its matter
            return journal.Count;
        }
        catch (Formats.InputException)
        {
            folder.RemoveIfUnused();
            throw;
        }

        void Keep(PlannedWork work, RunFolder folder)
        {
            if (OneSearch)
            {
                PlanText.KeepSearch(Plan, folder);
                work.KeepSearch(folder);
                return;
            }

            PlanText.Keep(Plan, folder);
            work.Keep(folder);
        }

        void Opened(string name, string digest)
        {
            folder.WriteEnvironment(RunEnvironment.Of(Clock, new Dictionary<string, string> { [name] = digest }));
            listener.Opened?.Invoke(name, digest);
        }
    }
}
