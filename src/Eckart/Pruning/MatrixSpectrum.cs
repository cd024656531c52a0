using System.Collections.Immutable;
using Eckart.Models;

namespace Eckart.Pruning;

/// <summary>The spectrum of one matrix of a checkpoint.</summary>
/// <param name="Site">Which matrix.</param>
/// <param name="Shape">(m, n).</param>
/// <param name="Measures">What its singular values say.</param>
public sealed record MatrixSpectrum(WeightSite Site, ImmutableArray<long> Shape, SpectralSummary Measures);
