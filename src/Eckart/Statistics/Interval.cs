namespace Eckart.Statistics;

/// <summary>A closed interval of a share or of a difference of shares.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end, at least <paramref name="Low"/>.</param>
public readonly record struct Interval(double Low, double High);
