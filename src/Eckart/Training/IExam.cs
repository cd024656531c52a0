using System.Collections.Immutable;

namespace Eckart.Training;

/// <summary>Questions that a model is asked while it is trained, by the number of demonstrations in their prompts.</summary>
public interface IExam
{
    /// <summary>A short name for the curve's columns, e.g. <c>pairs</c>.</summary>
    string Name { get; }

    /// <summary>Numbers of demonstrations, ascending.</summary>
    IReadOnlyList<int> Shots { get; }

    /// <summary>The questions, the same on every call; none of their texts occurs in the training.</summary>
    /// <param name="shots">One of <see cref="Shots"/>.</param>
    IReadOnlyList<ExamQuestion> Questions(int shots);
}

/// <summary>A prompt and the choices that may follow it, as tokens.</summary>
/// <param name="Prompt">Demonstrations and the query; at least one token.</param>
/// <param name="Choices">Tokens of each choice; all choices of a question are equally many.</param>
/// <param name="Gold">Index of the right one.</param>
public sealed record ExamQuestion(ImmutableArray<int> Prompt, ImmutableArray<ImmutableArray<int>> Choices, int Gold);
