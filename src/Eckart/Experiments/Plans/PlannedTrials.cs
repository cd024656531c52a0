using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Eckart.Experiments.Plans;

/// <summary>What one episode of a plan comes to.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Task">Name of the task; empty where none is asked.</param>
/// <param name="Protocol">Of the prompts, in lower case.</param>
/// <param name="Seed">Of the rows.</param>
/// <param name="Shots">Demonstrations.</param>
/// <param name="Order">Seed of another order of the demonstrations; null for the order in which they were sampled.</param>
/// <param name="Work">What its units take, in the order in which shares are cut. Shares are cut between units: an intervention's trials; in a search its modules; matrices where spectra are measured.</param>
/// <param name="Common">Trials that all its units in one share have in common: in a search the unedited model on validation and on test.</param>
/// <param name="Least">Trials of a unit of its own, at least.</param>
/// <param name="Most">Trials of a unit of its own, at most: a search tests what it chose, unless it chose the unedited model.</param>
public sealed record PlannedTrials(string Model, string Task, string Protocol, long Seed, int Shots, long? Order, ImmutableArray<UnitWork> Work, int Common, int Least, int Most)
{
    /// <summary>How many units there are.</summary>
    [JsonIgnore]
    public int Units => Work.Sum(run => run.Units);

    /// <summary>The search whose trials these are, where its folder may hold those of others; null where all of a folder's trials are of one plan.</summary>
    public PlannedSearch? Search { get; init; }

    /// <summary>Trials of some of its units.</summary>
    /// <param name="units">How many; 0 or more.</param>
    public TrialRange Of(long units) => units <= 0 ? default : new TrialRange(Common + (units * Least), Common + (units * Most));
}
