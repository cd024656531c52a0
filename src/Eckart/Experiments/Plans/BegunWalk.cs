namespace Eckart.Experiments.Plans;

/// <summary>An episode at which a run has arrived.</summary>
/// <param name="Episode">What it comes to.</param>
/// <param name="Number">Which of the share's, from 1.</param>
/// <param name="Of">How many the share has.</param>
public sealed record BegunWalk(PlannedEpisode Episode, int Number, int Of);
