using System.Collections.Immutable;

namespace Eckart.Training.Microworld;

/// <summary>A prompt and the choices that may follow it, as tokens.</summary>
/// <param name="Prompt">Demonstrations and the query.</param>
/// <param name="Choices">Tokens of each choice; all choices of a question are equally many.</param>
/// <param name="Gold">Index of the right one.</param>
public sealed record ExamQuestion(ImmutableArray<int> Prompt, ImmutableArray<ImmutableArray<int>> Choices, int Gold);
