using Eckart.Models;
using Eckart.Statistics;
using static TorchSharp.torch;

namespace Eckart.Training;

/// <summary>Asks a model that is being trained the questions of an exam.</summary>
internal static class Examiner
{
    private const int QuestionsAtOnce = 16;

    /// <summary>Questions whose right choice is the likeliest; of equally likely ones the first counts.</summary>
    /// <param name="model">The model.</param>
    /// <param name="weights">Its parameters; only read.</param>
    /// <param name="questions">At least one.</param>
    /// <param name="workers">Parts at work at once; the result does not depend on it.</param>
    public static Proportion Right(TrainableLm model, Replica weights, IReadOnlyList<ExamQuestion> questions, int workers)
    {
        ExamQuestion[][] parts = [.. questions.Chunk(QuestionsAtOnce)];
        var right = new int[parts.Length];
        weights.Weights.Refresh();
        Workers.Run(parts.Length, workers, part => right[part] = Right(model, weights, parts[part]));
        return new Proportion(right.Sum(), questions.Count);
    }

    private static int Right(TrainableLm model, Replica weights, ExamQuestion[] questions)
    {
        using var scope = NewDisposeScope();
        var sequences = questions.SelectMany(Sequences).ToArray();
        var longest = sequences.Max(sequence => sequence.Length);
        using var memory = new WorkMemory();
        var ids = sequences.SelectMany(sequence => sequence.Concat(Enumerable.Repeat(0, longest - sequence.Length))).ToArray();
        var states = model.Decoder(weights, longest, memory).Forward(TokenEmbedding.Forward(ids, weights, memory));

        var (row, right) = (0, 0);
        foreach (var question in questions)
            right += Best(question, model.Logits(weights.Weights, Scored(question, states, longest, ref row, memory), memory).View().log_softmax(-1)) == question.Gold ? 1 : 0;

        return right;
    }

    // What the model reads: a prompt alone where its choices are one token each, and each choice but its last token behind it elsewhere.
    // Shorter ones are filled up behind their ends, which no token before sees.
    private static IEnumerable<int[]> Sequences(ExamQuestion question) => question.Choices.Take(question.Choices[0].Length == 1 ? 1 : question.Choices.Length)
        .Select(choice => question.Prompt.Concat(choice[..^1]).ToArray());

    // The states from the prompt's last token on, of each of the question's sequences.
    private static Matrix Scored(ExamQuestion question, Matrix states, int longest, ref int sequence, WorkMemory memory)
    {
        var (count, length) = (question.Choices[0].Length == 1 ? 1 : question.Choices.Length, question.Choices[0].Length);
        var scored = memory.Take(count * length, states.Columns);
        for (var row = 0; row < scored.Rows; row++)
            states.Row(((sequence + (row / length)) * longest) + question.Prompt.Length - 1 + (row % length)).CopyTo(scored.Row(row));
        sequence += count;
        return scored;
    }

    private static int Best(ExamQuestion question, Tensor logProbabilities)
    {
        var (length, vocabulary) = (question.Choices[0].Length, (int)logProbabilities.shape[1]);
        var values = logProbabilities.data<float>().ToArray();
        double Score(int choice) => Enumerable.Range(0, length).Sum(i => (double)values[((length == 1 ? 0 : (choice * length) + i) * vocabulary) + question.Choices[choice][i]]);
        var best = 0;
        for (var choice = 1; choice < question.Choices.Length; choice++)
            if (Score(choice) > Score(best)) best = choice;
        return best;
    }
}
