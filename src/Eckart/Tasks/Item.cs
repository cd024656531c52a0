using System.Collections.Immutable;

namespace Eckart.Tasks;

/// <summary>One rendered item of a task: everything a model is asked, as text.</summary>
/// <param name="Row">Zero-based row of the source split.</param>
/// <param name="Gold">Index of the right choice.</param>
/// <param name="Prompts">Whole prompts, demonstrations included: one, or one a choice where the task scores whole texts.</param>
/// <param name="Choices">The choices in the task's order, each with its own leading space where it has one.</param>
public sealed record Item(int Row, int Gold, ImmutableArray<string> Prompts, ImmutableArray<string> Choices)
{
    /// <summary>What is asked about this row alone, for people: the prompt without demonstrations. Empty where nobody rendered it; no part of any digest.</summary>
    public string Asked { get; init; } = "";
}
