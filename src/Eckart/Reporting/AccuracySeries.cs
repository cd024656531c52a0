using System.Collections.Immutable;
using Eckart.Statistics;

namespace Eckart.Reporting;

/// <summary>A line of an <see cref="AccuracyFigure"/>.</summary>
/// <param name="Name">As the legend has it; empty: no entry, and drawn in grey.</param>
/// <param name="Values">One for each position; null where there is none.</param>
public sealed record AccuracySeries(string Name, ImmutableArray<Proportion?> Values)
{
    /// <summary>Whether the others are measured by it: dashed, with its interval as a band behind them.</summary>
    public bool IsBaseline { get; init; }

    /// <summary>Where it stands among many of one kind, from 0 to 1, such as a layer's depth: its colour is then taken from a ramp. Null for a colour of its own.</summary>
    public double? Depth { get; init; }

    /// <summary>Whether the values are apart from one another: marks without a line between them.</summary>
    public bool IsScattered { get; init; }
}
