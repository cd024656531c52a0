namespace Eckart.Experiments.Plans;

/// <summary>How far one share of a run is.</summary>
/// <param name="Shard">Which.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Done">Trials in its journal.</param>
/// <param name="Planned">Trials that it comes to; null where the run did not write that down.</param>
public sealed record ShareStatus(Shard Shard, ShareState State, int Done, TrialRange? Planned)
{
    /// <summary>The part of its trials that it lacks, at most: from 0 to 1.</summary>
    public double Lacking => State == ShareState.Done || Planned is not { Most: > 0 and var most } ? 0 : Math.Max(0, 1 - ((double)Done / most));
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
