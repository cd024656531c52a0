using System.Collections.Immutable;
using Eckart.Statistics;

namespace Eckart.Reporting;

/// <summary>A line of an <see cref="AccuracyFigure"/>.</summary>
/// <param name="Name">As the legend has it; empty: no entry, and drawn in grey.</param>
/// <param name="Values">One for each position; null where there is none.</param>
public sealed record AccuracySeries(string Name, ImmutableArray<Proportion?> Values);
