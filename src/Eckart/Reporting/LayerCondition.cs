namespace Eckart.Reporting;

/// <summary>The condition number of one matrix.</summary>
/// <param name="Layer">Zero-based layer.</param>
/// <param name="Site">Query, Key, Value, Output, Gate, Up or Down.</param>
/// <param name="Condition">σ₁ over the smallest singular value, at least 1; null where that is 0.</param>
public readonly record struct LayerCondition(int Layer, string Site, double? Condition);
