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

/// <summary>One question: which of several tokens comes next.</summary>
/// <param name="Prompt">Token ids, at least one.</param>
/// <param name="Choices">A token id each, at least two.</param>
/// <param name="Gold">Index of the right choice.</param>
public sealed record ExamQuestion(IReadOnlyList<int> Prompt, IReadOnlyList<int> Choices, int Gold);
