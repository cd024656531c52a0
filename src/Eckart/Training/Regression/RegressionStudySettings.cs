namespace Eckart.Training.Regression;

/// <summary>How a <see cref="RegressionStudy"/> measures.</summary>
/// <param name="Functions">How many, at least one; none of them was trained on.</param>
/// <param name="Seed">Equal seeds give equal functions.</param>
/// <param name="Alpha">One minus the level of every interval, in (0, 1).</param>
/// <param name="Workers">Functions at work at once; results do not depend on it.</param>
public sealed record RegressionStudySettings(int Functions, long Seed, double Alpha, int Workers);
