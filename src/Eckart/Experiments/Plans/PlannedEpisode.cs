namespace Eckart.Experiments.Plans;

/// <summary>A piece of a plan that is run as one, with what it comes to.</summary>
/// <param name="Trials">How many trials, of what.</param>
/// <param name="Operations">Of its walk, each multiplication with its addition counted as two; null where they were not counted.</param>
public sealed record PlannedEpisode(PlannedTrials Trials, long? Operations);
