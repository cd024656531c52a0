using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Engine;

/// <summary>One thing that an engine is asked for.</summary>
/// <param name="Queries">At least one, scored by one rule. The same list object is the same queries.</param>
/// <param name="Intervention">Resolved for the model.</param>
public sealed record ScoreRequest(IReadOnlyList<Query> Queries, Intervention Intervention);
