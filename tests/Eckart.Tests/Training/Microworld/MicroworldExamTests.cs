using Eckart.Tests.Support;
using Eckart.Training;
using Eckart.Training.Microworld;

namespace Eckart.Tests.Training.Microworld;

public sealed class MicroworldExamTests
{
    public static TheoryData<string> Tasks { get; } = [.. MicroworldExam.Tasks];

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Demonstrations_and_right_choices_are_in_equal_shares(string task)
    {
        var questions = Enumerable.Range(0, 400).Select(index => MicroworldExam.Draw(task, 8, index, seed: 3)).ToArray();

        var choices = questions[0].Choices.Length;
        Assert.All(Enumerable.Range(0, choices), choice => Assert.InRange(questions.Count(question => question.Gold == choice), (400 / choices) - 40, (400 / choices) + 40));
        Assert.All(questions, question => Assert.All(Lines(question).GroupBy(line => line.Label), label => Assert.Equal(8 / (task.StartsWith("kind", StringComparison.Ordinal) ? 4 : 2), label.Count())));
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void The_query_is_no_demonstration_and_kept_words_stand_where_they_belong(string task)
    {
        foreach (var question in Enumerable.Range(0, 200).Select(index => MicroworldExam.Draw(task, 8, index, seed: 3)))
        {
            var lines = Lines(question);
            var query = Query(question);

            Assert.DoesNotContain(lines, line => line.Words.SequenceEqual(query));
            var numbers = lines.SelectMany(line => line.Words).Concat(query).Select(word => SomeTexts.Meaning[word].Number).ToArray();
            if (task.EndsWith("-kept", StringComparison.Ordinal)) Assert.All(numbers, number => Assert.True(number >= Lexicon.Shared));
            else if (query.Length > 1) Assert.All(numbers, number => Assert.True(number < Lexicon.Shared));
        }
    }

    [Theory]
    [InlineData("amount")]
    [InlineData("setting-kept")]
    [InlineData("kind")]
    [InlineData("usual")]
    [InlineData("flipped")]
    [InlineData("alike")]
    [InlineData("alike-neutral-kept")]
    public void The_right_choice_follows_from_the_words(string task)
    {
        Assert.All(Enumerable.Range(0, 200).Select(index => MicroworldExam.Draw(task, 12, index, seed: 3)), question =>
        {
            var shown = Lines(question).DistinctBy(line => What(task, line.Words)).ToDictionary(line => What(task, line.Words), line => line.Label);

            Assert.All(Lines(question), line => Assert.Equal(shown[What(task, line.Words)], line.Label));
            Assert.Equal(shown[What(task, Query(question))], MicroworldVocabulary.Tokens[question.Choices[question.Gold][0]]);
        });
    }

    [Theory]
    [InlineData("usual", "good", "bad")]
    [InlineData("flipped", "bad", "good")]
    public void Phrase_labels_are_the_usual_ones_or_the_reverse(string task, string agreeing, string other)
    {
        Assert.All(Enumerable.Range(0, 50).SelectMany(index => Lines(MicroworldExam.Draw(task, 8, index, seed: 3))), line => Assert.Equal(What(task, line.Words) == 0 ? agreeing : other, line.Label));
    }

    [Fact]
    public void In_another_context_either_word_decides_either_way()
    {
        var rules = Enumerable.Range(0, 400).Select(index => Lines(MicroworldExam.Draw("context", 12, index, seed: 3))).Select(lines => string.Concat(
            Enumerable.Range(0, 4).Select(rule => lines.All(line => (SomeTexts.Meaning[line.Words[rule / 2]].Class == rule % 2) == (line.Label == "good")) ? 'x' : '-')));

        Assert.All(rules.Where(rule => rule.Count(mark => mark == 'x') == 1).GroupBy(rule => rule).ToDictionary(group => group.Key, group => group.Count()), rule => Assert.InRange(rule.Value, 65, 135));
        Assert.Equal(4, rules.Where(rule => rule.Count(mark => mark == 'x') == 1).Distinct().Count());
    }

    [Fact]
    public void A_completion_is_the_end_of_a_line()
    {
        Assert.All(Enumerable.Range(0, 200).Select(index => MicroworldExam.Draw("completion", 8, index, seed: 3)), question =>
        {
            var meant = Lines(question).ToLookup(line => line.Label, line => SomeTexts.Meaning[line.Words[1]].Class);
            var ends = question.Choices.Select(choice => choice.Select(id => MicroworldVocabulary.Tokens[id]).ToArray()).ToArray();

            Assert.All(ends, end => Assert.Equal((3, ":", ends[0][2]), (end.Length, end[1], end[2])));
            Assert.Equal(meant[ends[0][2]].First(), SomeTexts.Meaning[ends[question.Gold][0]].Class);
            Assert.NotEqual(SomeTexts.Meaning[ends[0][0]].Class, SomeTexts.Meaning[ends[1][0]].Class);
        });
    }

    [Fact]
    public void A_question_is_its_seeds_and_indexs_alone()
    {
        string Text(int shots, int index, ulong seed) => MicroworldExam.Draw("neutral", shots, index, seed) is var question ? $"{string.Join(' ', question.Prompt)}|{string.Join(' ', question.Choices.SelectMany(choice => choice))}|{question.Gold}" : "";

        Assert.Equal(Text(8, 5, 3), Text(8, 5, 3));
        Assert.Equal(4, new[] { Text(8, 5, 3), Text(8, 6, 3), Text(8, 5, 4), Text(4, 5, 3) }.Distinct().Count());
        Assert.Equal(3, MicroworldExam.Draw("neutral", 0, 0, 3).Prompt.Length);
    }

    [Fact]
    public void Unknown_tasks_are_refused_with_a_suggestion() => Refused.With(() => MicroworldExam.Draw("contxt", 8, 0, 3), "exam 'contxt'", "did you mean 'context'?");

    private static int What(string task, string[] words)
    {
        var meanings = words.Select(word => SomeTexts.Meaning[word]).ToArray();
        return task.StartsWith("kind", StringComparison.Ordinal) ? meanings[0].Attribute : meanings.Length == 1 ? meanings[0].Class : meanings[0].Class == meanings[1].Class ? 0 : 1;
    }

    private static (string[] Words, string Label)[] Lines(ExamQuestion question) => new SomeText([.. question.Prompt.Select(id => MicroworldVocabulary.Tokens[id])]).Lines;

    // What stands after the last whole line, without the colon.
    private static string[] Query(ExamQuestion question)
    {
        string[] tokens = [.. question.Prompt.Select(id => MicroworldVocabulary.Tokens[id])];
        return [.. tokens[(Array.LastIndexOf(tokens, "\n") + 1)..].Where(token => token != ":")];
    }
}
