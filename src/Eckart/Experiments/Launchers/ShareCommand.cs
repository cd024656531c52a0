using System.Collections.Immutable;
using Eckart.Experiments.Plans;

namespace Eckart.Experiments.Launchers;

/// <summary>How a process of one share is started.</summary>
/// <param name="Program">This program, with what runs it.</param>
/// <param name="Folder">The run's, as a full path: it holds the plan as the options made it, so that a share that begins late runs the same.</param>
/// <param name="Options">What is not in the plan: threads, device and the like.</param>
public sealed record ShareCommand(ImmutableArray<string> Program, string Folder, ImmutableArray<string> Options)
{
    /// <summary>All words but the last, which is the share, such as <c>3/64</c>.</summary>
    public IEnumerable<string> ToShare => [.. Program, "run", Path.Combine(Folder, PlanText.FileName), "--out", Folder, .. Options, "--quiet", "--shard"];

    /// <summary>Joins the shares and reports.</summary>
    public IEnumerable<string> Merge => [.. Program, "merge", Folder, "--out", Folder];
}
