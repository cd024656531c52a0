namespace Eckart.Experiments.Plans;

/// <summary>A piece of a plan that is run as one, with what it comes to.</summary>
/// <param name="Trials">How many trials, of what.</param>
/// <param name="Cost">What it should take; null where that was not asked for, or cannot be told.</param>
public sealed record PlannedEpisode(PlannedTrials Trials, PlannedCost? Cost);
