namespace Eckart.Experiments.Plans;

/// <summary>Units of an episode that stand next to one another and take alike.</summary>
/// <param name="Units">How many; 1 or more.</param>
/// <param name="Each">What one of them takes, 1 or more: a number to cut shares by, which is the same on every machine.</param>
public readonly record struct UnitWork(int Units, long Each);
