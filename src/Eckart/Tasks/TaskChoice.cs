using System.Collections.Immutable;

namespace Eckart.Tasks;

/// <summary>One of the answers that a task chooses between.</summary>
/// <param name="Labels">Values of the label field that mean it.</param>
/// <param name="Text">What is scored, with its own leading space; may name fields of the row.</param>
/// <param name="Shown">What stands in demonstrations: the same, except where the published code differs.</param>
public sealed record TaskChoice(ImmutableArray<string> Labels, PromptTemplate Text, PromptTemplate Shown)
{
    /// <summary>The text as the task's file has it.</summary>
    public override string ToString() => Text.Source;
}
