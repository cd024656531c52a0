using System.Collections.Immutable;
using Eckart.Statistics;

namespace Eckart.Reporting;

/// <summary>A line of an <see cref="ErrorFigure"/>.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Values">At each position, with its interval; null where there is none.</param>
/// <param name="Thin">Whether the line is thin and its markers open: what others are compared with, or a second group.</param>
public sealed record ErrorSeries(string Name, ImmutableArray<(double Value, Interval Interval)?> Values, bool Thin = false);
