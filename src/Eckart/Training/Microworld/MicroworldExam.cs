using System.Collections.Immutable;
using Eckart.Formats;
using Eckart.Statistics;
using Eckart.Tasks;

namespace Eckart.Training.Microworld;

/// <summary>Questions with fresh demonstrations each, for the accuracy in context by the number of demonstrations.</summary>
public static class MicroworldExam
{
    private const ulong Purpose = 0x6578_616D;   // "exam": other streams than the training's and the tables'

    /// <summary>Names of the tasks; those that end in <c>-kept</c> use the words kept from training texts of several words.</summary>
    public static ImmutableArray<string> Tasks { get; } = [.. ExamTask.All.Select(task => task.Name)];

    /// <summary>Draws one question: demonstrations with the labels in equal shares and random order, and a query that is none of them.</summary>
    /// <param name="task">One of <see cref="Tasks"/>.</param>
    /// <param name="shots">Demonstrations.</param>
    /// <param name="index">Which question.</param>
    /// <param name="seed">Equal seeds give equal questions.</param>
    /// <exception cref="InputException">No such task.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A negative number of demonstrations.</exception>
    public static ExamQuestion Draw(string task, int shots, int index, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shots);
        var place = Tasks.IndexOf(task);
        if (place < 0) throw new InputException($"exam '{task}'", "expected the name of a task of the microworld, found another", Nearest.Hint(task, Tasks));

        var exam = ExamTask.All[place];
        var random = SeededDraws.At(Purpose, seed, (ulong)place, (ulong)shots, (ulong)index);
        var rule = exam.Draw(random);
        int[] wanted = [.. Enumerable.Range(0, shots).Select(i => i % rule.Labels.Length)];
        random.Shuffle<int>(wanted);
        Word[][] demonstrations = [.. wanted.Select(label => Line(random, rule, exam.Pool, label))];
        var gold = random.Below(rule.Labels.Length);
        Word[] query;
        do query = Line(random, rule, exam.Pool, gold);
        while (demonstrations.Any(shown => shown.AsSpan().SequenceEqual(query)));

        int[] before = [.. demonstrations.SelectMany(rule.Tokens)];
        return exam.Completes ? Completion(random, rule, exam.Pool, before, query) : new ExamQuestion([.. before, .. query.Select(word => word.Id), MicroworldVocabulary.Colon], [.. rule.Labels.Select(label => ImmutableArray.Create(label))], gold);
    }

    private static Word[] Line(SplitMix64 random, LineRule rule, WordPool pool, int label)
    {
        Word[] words;
        do words = rule.Draw(random, pool);
        while (rule.Meaning.Of(words) != label);
        return words;
    }

    // The wrong end has the right one's label and a word that does not go with it.
    private static ExamQuestion Completion(SplitMix64 random, LineRule rule, WordPool pool, int[] before, Word[] query)
    {
        var wrong = Line(random, rule, pool, 1 - rule.Meaning.Of(query));
        ImmutableArray<int> End(Word word) => [word.Id, MicroworldVocabulary.Colon, rule.Labels[rule.Meaning.Of(query)]];
        ImmutableArray<ImmutableArray<int>> choices = [End(query[1]), End(wrong[1])];
        var gold = random.Below(2);
        return new ExamQuestion([.. before, query[0].Id], gold == 0 ? choices : [.. choices.Reverse()], gold);
    }
}
