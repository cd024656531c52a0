using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Training;

/// <summary>Asks a model that is being trained the questions of an exam.</summary>
internal static class Examiner
{
    private const int QuestionsAtOnce = 16;

    /// <summary>Share of the questions whose right choice is the likeliest; of equally likely ones the first counts.</summary>
    /// <param name="model">The model.</param>
    /// <param name="weights">Its parameters; only read.</param>
    /// <param name="questions">At least one.</param>
    /// <param name="workers">Parts at work at once; the result does not depend on it.</param>
    public static double Accuracy(TrainableLm model, Replica weights, IReadOnlyList<ExamQuestion> questions, int workers)
    {
        ExamQuestion[][] parts = [.. questions.Chunk(QuestionsAtOnce)];
        var right = new int[parts.Length];
        Workers.Run(parts.Length, workers, part => right[part] = Right(model, weights, parts[part]));
        return right.Sum() / (double)questions.Count;
    }

    // Shorter prompts are filled up behind their ends, which no token before sees.
    private static int Right(TrainableLm model, Replica weights, ExamQuestion[] questions)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var longest = questions.Max(question => question.Prompt.Count);
        var ids = new long[questions.Length * longest];
        for (var i = 0; i < questions.Length; i++)
            for (var j = 0; j < questions[i].Prompt.Count; j++) ids[(i * longest) + j] = questions[i].Prompt[j];

        var states = model.States(weights, tensor(ids, [questions.Length, longest]));
        var last = tensor(questions.Select((question, i) => ((long)i * longest) + question.Prompt.Count - 1).ToArray());
        var logits = model.Logits(weights, states.index_select(0, last));                // (questions, V)
        var values = logits.data<float>().ToArray();
        return questions.Where((question, i) => Best(question, values.AsSpan(i * model.Spec.Vocabulary, model.Spec.Vocabulary)) == question.Gold).Count();
    }

    private static int Best(ExamQuestion question, ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var choice = 1; choice < question.Choices.Count; choice++)
            if (logits[question.Choices[choice]] > logits[question.Choices[best]]) best = choice;
        return best;
    }
}
