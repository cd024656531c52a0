using System.Collections.Immutable;

namespace Eckart.Training.Microworld;

/// <summary>A task of the microworld as an exam during training: a few questions for each number of demonstrations.</summary>
/// <param name="task">One of <see cref="MicroworldExam.Tasks"/>.</param>
/// <param name="shots">Numbers of demonstrations, ascending.</param>
/// <param name="count">Questions for each.</param>
/// <param name="seed">Of the questions.</param>
public sealed class MicroworldQuestions(string task, ImmutableArray<int> shots, int count, ulong seed) : IExam
{
    private readonly Dictionary<int, IReadOnlyList<ExamQuestion>> drawn = [];

    /// <inheritdoc/>
    public string Name => task;

    /// <inheritdoc/>
    public IReadOnlyList<int> Shots => shots;

    /// <inheritdoc/>
    public IReadOnlyList<ExamQuestion> Questions(int shots)
    {
        if (!drawn.TryGetValue(shots, out var questions))
            drawn[shots] = questions = [.. Enumerable.Range(0, count).Select(i => MicroworldExam.Draw(task, shots, i, seed))];
        return questions;
    }
}
