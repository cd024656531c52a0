using System.Collections.Immutable;

namespace Eckart.Experiments.Plans;

/// <summary>What tells a search's own trials from those of other searches in the same folder.</summary>
/// <param name="Module">What it truncates.</param>
/// <param name="Layers">Layers whose rates it tries, as the model has them.</param>
/// <param name="Key">What all its trials have in common; split, rows, engine and intervention are empty.</param>
/// <param name="Validation">Digest of the rows that it chooses on.</param>
/// <param name="Test">Digest of the rows that it tests on.</param>
public sealed record PlannedSearch(string Module, ImmutableArray<int> Layers, TrialKey Key, string Validation, string Test)
{
    /// <summary>Whether a trial has all that this search's trials have in common.</summary>
    public bool Is(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return trial.Key with { Split = "", Rows = "", Engine = 0, Intervention = "" } == Key;
    }
}
