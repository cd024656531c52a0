using System.Collections.Immutable;

namespace Eckart.Reporting;

/// <summary>A line of a <see cref="LayerFigure"/>.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Values">One a layer; NaN is a gap.</param>
public sealed record LayerSeries(string Name, ImmutableArray<double> Values);
