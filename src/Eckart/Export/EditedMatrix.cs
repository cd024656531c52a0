using System.Collections.Immutable;
using Eckart.Models;

namespace Eckart.Export;

/// <summary>What was done to one matrix of an exported model.</summary>
/// <param name="Site">Where it was in the source.</param>
/// <param name="Tensor">Its tensor's name in the source.</param>
/// <param name="Shape">(m, n), as the maths has it.</param>
/// <param name="Rank">Singular values kept.</param>
/// <param name="Energy">Share of the squared Frobenius norm kept, before rounding to the stored type; 1 for a matrix of zeros.</param>
public sealed record EditedMatrix(WeightSite Site, string Tensor, ImmutableArray<long> Shape, int Rank, double Energy);
