using Eckart.Models;

namespace Eckart.Engine;

/// <summary>What an engine answers for one intervention.</summary>
/// <param name="Scores">A row a query, a score a choice; finite.</param>
/// <param name="Ranks">Singular values kept, by matrix.</param>
public sealed record TrialScores(IReadOnlyList<double[]> Scores, IReadOnlyDictionary<WeightSite, int> Ranks);
