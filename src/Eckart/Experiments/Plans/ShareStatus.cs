namespace Eckart.Experiments.Plans;

/// <summary>How far one share of a run is.</summary>
/// <param name="Shard">Which.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Done">Trials in its journal.</param>
/// <param name="Planned">Trials that it comes to; null where the run did not write that down.</param>
public sealed record ShareStatus(Shard Shard, ShareState State, int Done, TrialRange? Planned)
{
    /// <summary>Trials that it lacks, at most.</summary>
    public long Left => State == ShareState.Done ? 0 : Math.Max(0, (Planned?.Most ?? 0) - Done);
}

/// <summary>Where a share stands.</summary>
public enum ShareState
{
    /// <summary>Nothing of it has been begun.</summary>
    Waiting,

    /// <summary>A living process writes its journal.</summary>
    Running,

    /// <summary>It was begun, and its process is gone before it was finished; started again it goes on.</summary>
    Failed,

    /// <summary>It was run to its end.</summary>
    Done,
}
