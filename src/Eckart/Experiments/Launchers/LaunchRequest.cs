using Eckart.Experiments.Plans;
using Eckart.Formats;

namespace Eckart.Experiments.Launchers;

/// <summary>A plan that is to be run by several processes.</summary>
/// <param name="Plan">As the options made it.</param>
/// <param name="Work">All that it comes to.</param>
/// <param name="Folder">The run's.</param>
/// <param name="Command">How a process is started.</param>
/// <param name="Shards">How many.</param>
public sealed record LaunchRequest(Plan Plan, PlannedWork Work, RunFolder Folder, ShareCommand Command, int Shards)
{
    /// <summary>Refuses a folder in which another launch is at work, or that was cut into another number of shares; then puts the plan there.</summary>
    /// <exception cref="InputException">Such a folder, or one of another plan.</exception>
    internal void Prepare()
    {
        if (Launched.Read(Folder.Path) is { } before && File.Exists(Path.Combine(Folder.Path, PlanText.FileName)))
        {
            if (before.Shards != Shards) throw new InputException(Folder.Path, $"expected the {before.Shards} shares that it was launched in, found {Shards}", $"give --shards {before.Shards}, or use another --out");
            if (RunStatus.Of(Folder.Path).Shares.FirstOrDefault(share => share.State == ShareState.Running) is { } running)
                throw new InputException(Folder.Path, $"expected no share at work, found {running.Shard} running", "wait for it to end (eckart status shows it), or use another --out");
        }

        PlanText.Keep(Plan, Folder);
        Work.Keep(Folder);
    }
}
