using System.Globalization;
using System.Text;
using Eckart.Formats.Tokenizers;
using Eckart.Models;
using Eckart.Tasks;
using Eckart.Tests.Support;
using Eckart.Training.Microworld;

namespace Eckart.Tests.Training.Microworld;

/// <summary>The tasks that come with their rows.</summary>
public sealed class MicroworldTasksTests
{
    private const string Folder = "assets/tasks/microworld";

    public static TheoryData<string> Tasks { get; } = [.. TaskLibrary.Microworld];

    [Fact]
    public void The_committed_rows_are_those_that_are_drawn()
    {
        var files = MicroworldTables.Draw();

        Assert.All(files, file => Golden.MatchFile($"{Folder}/{file.Key}", file.Value));
        Assert.Equal(files.Keys, Directory.EnumerateFiles(Path.Combine(Repository.Root, Folder), "*.jsonl", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Path.Combine(Repository.Root, Folder), path).Replace('\\', '/')).Order(StringComparer.Ordinal));
        Assert.True(Directory.EnumerateFiles(Path.Combine(Repository.Root, Folder), "*", SearchOption.AllDirectories).Sum(path => new FileInfo(path).Length) < 1_500_000);
    }

    [Fact]
    public void First_prompt_of_each_task()
    {
        var text = new StringBuilder();

        foreach (var name in TaskLibrary.Microworld)
        {
            var sample = Sampler.Draw(TaskLibrary.Load(name).For(Protocol.Default), dataFolder: null);
            var item = sample.Test.Items[0];
            text.Append(CultureInfo.InvariantCulture, $"=== {sample.Variant}: {sample.Demonstrations.Available} / {sample.Validation.Available} / {sample.Test.Available} rows, row {item.Row}, gold {item.Gold}, choices {string.Join('|', item.Choices)}|\n{item.Prompts[0]}<end>\n");
        }

        Golden.Match(text.ToString());
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void No_query_stands_twice_and_the_classes_are_in_equal_shares(string name)
    {
        var task = TaskLibrary.Load(name).For(Protocol.Default);

        var sample = Sampler.Draw(task, dataFolder: null, new SampleSize(Shots: 0, Validation: SampleSize.All, Test: SampleSize.All));

        Assert.Empty(sample.Notes);
        Assert.Equal(8, task.Shots);
        Item[] items = [.. sample.Validation.Items, .. sample.Test.Items];
        Assert.Equal(items.Length, items.Select(item => item.Prompts[0] + string.Join('|', item.Choices)).Distinct().Count());
        foreach (var split in new[] { sample.Validation, sample.Test })
            Assert.Single(split.Items.GroupBy(item => item.Gold).Select(group => name == "completion" ? 0 : group.Count()).Distinct());
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Prompts_are_the_tokens_of_training_texts(string name)
    {
        using var tokenizer = TextTokenizer.FromJson(MicroworldTokenizer.ToJson(), "tokenizer.json");
        var sample = Sampler.Draw(TaskLibrary.Load(name).For(Protocol.Default), dataFolder: null, new SampleSize(Validation: 1, Test: 20));
        var encoder = new QueryEncoder(tokenizer, SomeSpec.Of() with { Vocabulary = tokenizer.VocabularySize, MaxPositions = 96 }, sample.Variant.Scoring);

        Assert.All(sample.Test.Items, item =>
        {
            var query = encoder.Encode(item, name);
            string[] words = [.. item.Prompts[0].Replace("\n", " \n ", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries)];
            Assert.All(query.Choices.Index(), choice => Assert.Equal(
                [.. words.Concat(item.Choices[choice.Index].Trim().Split(' ')).Select(MicroworldVocabulary.Id)],
                choice.Item.Ids.ToArray()));
            Assert.All(query.Choices, choice => Assert.Equal(name == "completion" ? 3 : 1, choice.Own));
        });
    }

    [Theory]
    [InlineData("amount", 0, " red", " blue")]
    [InlineData("setting", 0, " red", " blue")]
    [InlineData("context", 1, " good", " bad")]
    [InlineData("context-kept", 1, " good", " bad")]
    [InlineData("context-amount", 0, " good", " bad")]
    [InlineData("neutral", 1, " red", " blue")]
    [InlineData("neutral-amount", 0, " red", " blue")]
    [InlineData("scene-action", 0, " red", " blue")]
    [InlineData("scene-setting-kept", 1, " red", " blue")]
    public void One_word_decides(string name, int slot, string first, string second) => Holds(name, words => words[slot].Class == 0 ? first : second);

    [Theory]
    [InlineData("usual", " good", " bad")]
    [InlineData("usual-kept", " good", " bad")]
    [InlineData("flipped", " bad", " good")]
    [InlineData("alike", " same", " different")]
    [InlineData("alike-neutral", " red", " blue")]
    public void The_combination_decides(string name, string agreeing, string other) => Holds(name, words => words[0].Class == words[1].Class ? agreeing : other);

    [Fact]
    public void The_kind_of_word_decides() => Holds("kind", words => new[] { " red", " blue", " green", " yellow" }[words[0].Attribute]);

    [Fact]
    public void The_end_that_fits_has_a_noun_of_its_labels_class()
    {
        Assert.All(Items("completion"), item => Assert.Equal(item.Choices[item.Gold].EndsWith(" : red", StringComparison.Ordinal) ? 0 : 1, SomeTexts.Meaning[item.Choices[item.Gold].Split(' ')[1]].Class));
    }

    private static void Holds(string name, Func<(int Attribute, int Class, int Number)[], string> rule) => Assert.All(Items(name), item =>
        Assert.Equal(rule([.. item.Prompts[0].Split(' ')[..^1].Select(word => SomeTexts.Meaning[word])]), item.Choices[item.Gold]));

    private static IEnumerable<Item> Items(string name)
    {
        var sample = Sampler.Draw(TaskLibrary.Load(name).For(Protocol.Default), dataFolder: null, new SampleSize(Shots: 0, Validation: SampleSize.All, Test: SampleSize.All));
        return sample.Validation.Items.Concat(sample.Test.Items);
    }
}
