using System.Collections.Immutable;

namespace Eckart.Tasks;

/// <summary>One item to predict, as tokens.</summary>
/// <param name="Where">The item, as messages name it.</param>
/// <param name="Row">Zero-based row of the source split.</param>
/// <param name="Gold">Index of the right choice.</param>
/// <param name="Choices">The choices in the task's order.</param>
/// <param name="Priors">The same choices after an unconditional prompt, whose score is subtracted; empty where the scoring has none.</param>
public sealed record Query(string Where, int Row, int Gold, ImmutableArray<Continuation> Choices, ImmutableArray<Continuation> Priors);
