namespace Eckart.Experiments.Plans;

/// <summary>A plan, or a share of it, run in a folder to its end.</summary>
/// <param name="Plan">What is run.</param>
/// <param name="Runner">Runs it; still the caller's.</param>
/// <param name="Shard">The share.</param>
/// <param name="Clock">Tells when the folder's environment was written down and how long lines took: no line depends on it.</param>
public sealed record PlanRun(Plan Plan, IPlanRunner Runner, Shard Shard, TimeProvider Clock)
{
    /// <summary>Whether the folder may hold searches with other settings too.</summary>
    public bool OneSearch { get; init; }

    /// <summary>Runs what the folder lacks, brings its lines into their order, and writes down that the share is finished.</summary>
    /// <param name="folder">Of this plan, or a new one.</param>
    /// <param name="listener">Is told of how far it is.</param>
    /// <param name="dropped">Called before anything is run, where the last line of the journal was cut short.</param>
    /// <param name="cancellation">Checked often; the folder stays as it is, to be gone on with.</param>
    /// <returns>Lines of the share, and how many of them were run now.</returns>
    /// <exception cref="Formats.InputException">A folder of another plan, or anything that a runner refuses; what was finished stays, and a folder in which nothing was is removed again.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public (int All, int Now) In(RunFolder folder, RunListener listener, Action? dropped, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(listener);
        var work = new PlannedWork(Plan.Searches, [.. Runner.LayOut(estimate: false, listener, cancellation).Select(one => one.Trials)]);
        try
        {
            if (OneSearch) PlanText.RefuseOtherThanSearch(Plan, folder);
            else Keep(work, folder);
            using var journal = folder.OpenJournal(Shard.JournalName);
            if (OneSearch) KeepSearch(work, folder);
            if (journal.Dropped > 0) dropped?.Invoke();
            var found = journal.Count;
            listener.Started?.Invoke(journal.Lines, work.Of(Shard));
            journal.Appended = listener.Kept;
            Runner.Run(journal, Shard, Clock, listener with { Opened = (name, digest) => Opened(name, digest, folder, listener) }, cancellation);
            journal.Settle(new LineOrder());
            new FinishedShare(journal.Count).Keep(folder, Shard);       // of this share alone: what ails another's journal is not its matter
            return (journal.Count, journal.Count - found);
        }
        catch (Formats.InputException)
        {
            folder.RemoveIfUnused();
            throw;
        }
    }

    private void Keep(PlannedWork work, RunFolder folder)
    {
        PlanText.Keep(Plan, folder);
        if (Shard.Of == 1) work.Replace(folder);        // nothing is cut by it
        else work.Keep(folder);
    }

    // Nobody else writes the folder by now: what another search of it says of itself is no longer needed.
    private void KeepSearch(PlannedWork work, RunFolder folder)
    {
        PlanText.KeepSearch(Plan, folder);
        work.Replace(folder);
    }

    private void Opened(string name, string digest, RunFolder folder, RunListener listener)
    {
        folder.WriteEnvironment(RunEnvironment.Of(Clock, new Dictionary<string, string> { [name] = digest }));
        listener.Opened?.Invoke(name, digest);
    }
}
