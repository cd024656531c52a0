using System.Collections.Immutable;
using Eckart.Pruning;

namespace Eckart.Search;

/// <summary>What Algorithm 1 searches over.</summary>
/// <param name="Module">Which matrices of a layer.</param>
/// <param name="Layers">Layers whose rates are tried: the chosen one, or all.</param>
/// <param name="Rates">Clipping rates, ascending, without repeats; 0, which is always tried, may be among them.</param>
/// <param name="Alpha">Level of every interval and verdict, in (0, 1).</param>
public sealed record SearchSettings(Module Module, ImmutableArray<int> Layers, ImmutableArray<ClippingRate> Rates, double Alpha)
{
    /// <summary>The layer that the condition number points to, one of <see cref="Layers"/>, where more are tried: its own best is tested beside the best of all. Null where nothing is to stand beside it.</summary>
    public int? Pointed { get; init; }
}
