using Eckart.Engine;

namespace Eckart.Experiments.Plans;

/// <summary>Who is told how far a run is; each call returns soon. All are optional.</summary>
public sealed record RunListener
{
    /// <summary>A model's name and digest, before anything of it is kept.</summary>
    public Action<string, string>? Opened { get; init; }

    /// <summary>The lines that the share's journal holds already, and how many it will hold.</summary>
    public Action<IReadOnlyList<IJournalLine>, TrialRange>? Started { get; init; }

    /// <summary>A line that was added to the journal, from any thread.</summary>
    public Action<IJournalLine>? Kept { get; init; }

    /// <summary>An episode, before its first trial.</summary>
    public Action<BegunWalk>? Begun { get; init; }

    /// <summary>Now and then within an episode, from any thread.</summary>
    public Action<WorkDone>? Worked { get; init; }

    /// <summary>Other work is begun, perhaps within some that goes on: what, the name of its pieces, and how many there are. What comes back is called whenever one of them is done.</summary>
    public Func<string, string, long, Action>? Counting { get; init; }
}
