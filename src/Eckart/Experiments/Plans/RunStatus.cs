using System.Collections.Immutable;
using Eckart.Formats;

namespace Eckart.Experiments.Plans;

/// <summary>How far a run of a plan is, told from its own files alone: on one machine as on a cluster, whose accounting may lag.</summary>
/// <param name="Plan">Name of the plan.</param>
/// <param name="Searches">Whether it searches.</param>
/// <param name="Shares">By number; one where it is run whole or has been merged.</param>
/// <param name="Done">Trials in all journals, each once.</param>
/// <param name="Planned">Trials in all; null where the run did not write that down.</param>
/// <param name="SecondsATrial">That a finished trial took, on average; null where none is timed.</param>
public sealed record RunStatus(string Plan, bool Searches, ImmutableArray<ShareStatus> Shares, int Done, TrialRange? Planned, double? SecondsATrial)
{
    /// <summary>The time that is left while as many processes go on as run now, one at least; in a search, at most that; null where no trial is timed, done or planned.</summary>
    /// <remarks>Shares take alike, whatever number of trials they have; within one, a trial takes as much as another. What is left is spread evenly, but for what a running share has to do alone.</remarks>
    public TimeSpan? Left
    {
        get
        {
            if (Shares.All(share => share.State == ShareState.Done)) return TimeSpan.Zero;
            var shares = Shares.Where(share => share.Planned is { Most: > 0 }).ToArray();
            if (SecondsATrial is not { } seconds || shares.All(share => share.Done == 0)) return null;
            var running = shares.Where(share => share.State == ShareState.Running).ToArray();
            var even = shares.Sum(share => share.Lacking) / Math.Max(1, running.Length);
            var aShare = seconds * shares.Sum(share => share.Done) / shares.Sum(share => 1 - share.Lacking);
            return TimeSpan.FromSeconds(aShare * Math.Max(even, running.Select(share => share.Lacking).DefaultIfEmpty().Max()));
        }
    }

    /// <summary>Reads a run's folder.</summary>
    /// <param name="folder">The <c>--out</c> of a run.</param>
    /// <exception cref="InputException">No run of a plan, or anything in it that is malformed.</exception>
    public static RunStatus Of(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!File.Exists(Path.Combine(folder, PlanText.FileName)))
            throw new InputException(folder, $"expected a run's folder with {PlanText.FileName}, found none", "name the --out of eckart run");
        var plan = PlanFile.Load(Path.Combine(folder, PlanText.FileName));
        var work = PlannedWork.Read(folder);
        var ids = new HashSet<string>();
        ShareStatus[] shares = [.. SharesOf(folder).Select(shard => Of(folder, shard, work, ids))];

        // A merge leaves one journal of all beside those of the shares: then that one tells.
        if (shares is [{ Shard.Of: 1, State: ShareState.Done }, ..]) shares = shares[..1];
        else if (shares.Length > 1) shares = [.. shares.Where(share => share.Shard.Of > 1)];
        return new RunStatus(plan.Name, plan.Searches, [.. shares], ids.Count, work?.Of(Shard.Whole), Timings.SecondsATrial(folder));
    }

    private static ShareStatus Of(string folder, Shard shard, PlannedWork? work, HashSet<string> ids)
    {
        var path = Path.Combine(folder, shard.JournalName);
        var running = JournalLock.IsHeld(path);        // before the journal is read: a share that ends in between is then seen whole
        var begun = File.Exists(path);
        var own = JournalFile.Ids(path);
        ids.UnionWith(own);
        var state = running ? ShareState.Running
            : FinishedShare.Is(folder, shard, own.Count) ? ShareState.Done
            : begun ? ShareState.Failed
            : ShareState.Waiting;
        return new ShareStatus(shard, state, own.Count, work?.Of(shard));
    }

    // The whole first, where it has a journal; a share that was never begun is known by those beside it, or by what launched them.
    private static IEnumerable<Shard> SharesOf(string folder)
    {
        var found = Directory.GetFiles(folder, "trials-*.jsonl").Select(path => Shard.OfJournal(Path.GetFileName(path))).OfType<Shard>().Select(shard => shard.Of);
        int[] counts = [.. found.Concat(Launchers.Launched.Read(folder) is { } launched ? [launched.Shards] : []).Distinct().Order()];
        var whole = counts.Length == 0 || File.Exists(Path.Combine(folder, Journal.DefaultName));
        return [.. whole ? [Shard.Whole] : Array.Empty<Shard>(), .. counts.Where(count => count > 1).SelectMany(of => Enumerable.Range(1, of).Select(number => new Shard(number, of)))];
    }
}
