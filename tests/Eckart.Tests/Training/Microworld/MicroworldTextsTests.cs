using System.Text.Json;
using Eckart.Training.Microworld;

namespace Eckart.Tests.Training.Microworld;

public sealed class MicroworldTextsTests
{
    private static readonly string[] Arbitrary = [.. Lexicon.ArbitraryLabels];

    [Fact]
    public void A_text_is_the_same_whatever_was_drawn_before()
    {
        var recipe = new MicroworldRecipe();
        var fresh = SomeTexts.Draw(new MicroworldTexts(recipe, 7), 600, 1000, 3);
        var used = new MicroworldTexts(recipe, 7);
        for (var step = 0; step < 20; step++) SomeTexts.Draw(used, step, 1000, 3);

        var again = SomeTexts.Draw(used, 600, 1000, 3);

        Assert.Equal(fresh.Ids, again.Ids);
        Assert.Equal(fresh.Weights, again.Weights);
    }

    [Fact]
    public void Seed_step_and_place_each_give_another_text()
    {
        var texts = new MicroworldTexts(new MicroworldRecipe(), 7);
        int[][] drawn =
        [
            SomeTexts.Draw(texts, 600, 1000, 3).Ids, SomeTexts.Draw(texts, 601, 1000, 3).Ids, SomeTexts.Draw(texts, 600, 1000, 4).Ids, SomeTexts.Draw(texts, 3, 1000, 600).Ids,
            SomeTexts.Draw(new MicroworldTexts(new MicroworldRecipe(), 8), 600, 1000, 3).Ids,
        ];

        Assert.Equal(drawn.Length, drawn.Select(ids => string.Join(' ', ids)).Distinct().Count());
    }

    [Fact]
    public void Labels_weigh_one_and_all_else_a_tenth()
    {
        var texts = new MicroworldTexts(new MicroworldRecipe { Copying = 0 }, 7);

        var (ids, weights) = SomeTexts.Draw(texts, 600, 1000, 0);

        Assert.Contains(1f, weights);
        Assert.All(weights.Index(), weight => Assert.Equal(ids[weight.Index] == MicroworldVocabulary.Colon ? 1f : 0.1f, weight.Item));
    }

    [Fact]
    public void The_first_part_is_repetition_alone_of_few_words()
    {
        var texts = SomeTexts.Many(400, progress: 0).ToArray();

        Assert.All(texts, text => Assert.Contains(Enumerable.Range(8, 33), period => Enumerable.Range(period, text.Tokens.Length - period).All(i => text.Tokens[i] == text.Tokens[i - period])));
        Assert.Equal(4, texts.SelectMany(text => text.Tokens).Where(SomeTexts.Meaning.ContainsKey).Max(word => SomeTexts.Meaning[word].Number));
        Assert.DoesNotContain(SomeTexts.Many(400, progress: 0.149), text => text.IsLines);
        Assert.Contains(SomeTexts.Many(400, progress: 0.151), text => text.IsLines);
    }

    [Fact]
    public void Repetition_weighs_from_the_second_round_on()
    {
        var (ids, weights) = SomeTexts.Draw(new MicroworldTexts(new MicroworldRecipe(), 7), 0, 1000, 0);
        var period = Enumerable.Range(8, 33).First(period => Enumerable.Range(period, ids.Length - period).All(i => ids[i] == ids[i - period]));

        Assert.All(weights.Index(), weight => Assert.Equal(weight.Index + 1 < period ? 0.1f : 1f, weight.Item));
    }

    [Fact]
    public void Kinds_of_text_have_their_shares()
    {
        var recipe = new MicroworldRecipe();
        var texts = SomeTexts.Many(4_000).ToArray();
        var lines = texts.Where(text => text.IsLines).ToArray();
        int[] found =
        [
            texts.Length - lines.Length,
            lines.Count(text => text.WordsOfLine == 1 && text.Labels.Length == 2),
            lines.Count(text => text.WordsOfLine == 2 && !IsAlike(text)),
            lines.Count(text => text.WordsOfLine == 4),
            lines.Count(text => text.WordsOfLine == 1 && text.Labels.Length > 2),
            lines.Count(IsAlike),
        ];
        int[] weights = [recipe.Copying, recipe.OneWord, recipe.TwoWords, recipe.FourWords, recipe.Attributes, recipe.Alike];

        var expected = weights.Select(weight => weight * (double)texts.Length / weights.Sum()).ToArray();

        var chiSquare = found.Zip(expected, (count, mean) => Math.Pow(count - mean, 2) / mean).Sum();
        Assert.True(chiSquare < 20.5, $"χ² = {chiSquare:F1} (5 degrees of freedom, p = 0.001 at 20.5): {string.Join(' ', found)} for {string.Join(' ', expected.Select(mean => mean.ToString("F0", null)))}");
    }

    [Fact]
    public void Words_kept_from_several_word_lines_stand_in_one_word_lines_only()
    {
        var texts = new[] { 0.01, 0.13, 0.3, 0.5, 0.99 }.SelectMany(progress => SomeTexts.Many(600, progress)).ToArray();

        var withKept = texts.Where(text => text.Tokens.Any(IsKept)).ToArray();

        Assert.All(withKept, text => Assert.True(text.IsLines && text.WordsOfLine == 1, string.Join(' ', text.Tokens)));
        Assert.Equal(4 * 2 * Lexicon.Kept, withKept.SelectMany(text => text.Tokens).Where(IsKept).Distinct().Count());
    }

    [Fact]
    public void One_attribute_decides_where_labels_are_arbitrary()
    {
        var recipe = new MicroworldRecipe { LabelNoise = 0, Attributes = 0, Alike = 0 };

        var texts = SomeTexts.Many(1_000, recipe: recipe).Where(text => text.IsLines && text.Labels.All(Arbitrary.Contains)).ToArray();

        Assert.True(texts.Length > 300);
        Assert.All(texts, text => Assert.Contains(Enumerable.Range(0, text.WordsOfLine), slot =>
            text.Lines.GroupBy(line => SomeTexts.Meaning[line.Words[slot]].Class).All(side => side.Select(line => line.Label).Distinct().Count() == 1) && text.Labels.Length == text.Lines.Select(line => SomeTexts.Meaning[line.Words[slot]].Class).Distinct().Count()));
    }

    [Fact]
    public void Usual_labels_mean_their_class_in_all_but_a_few_texts()
    {
        var recipe = new MicroworldRecipe { LabelNoise = 0, Phrases = 0, Usual = 1 };
        var usual = Lexicon.Attributes.SelectMany(attribute => attribute.Classes).Select(words => words.Label).Index().ToDictionary(label => label.Item, label => label.Index);
        var texts = SomeTexts.Many(6_000, recipe: recipe).Where(text => text.IsLines && text.Labels.All(usual.ContainsKey)).ToArray();

        var kept = texts.Count(text => text.Lines.All(line => line.Words.Select(word => SomeTexts.Meaning[word]).Any(word => (word.Attribute * 2) + word.Class == usual[line.Label])));

        Assert.True(texts.Length > 3_000);
        Assert.InRange(kept / (double)texts.Length, 0.98 - 0.008, 0.98 + 0.008);   // about four standard errors
    }

    [Fact]
    public void Phrase_labels_mean_the_combination_in_all_but_a_few_texts()
    {
        var recipe = new MicroworldRecipe { LabelNoise = 0 };
        var texts = SomeTexts.Many(6_000, recipe: recipe).Where(text => text.IsLines && text.Labels.Contains("good")).ToArray();

        var kept = texts.Count(text => text.Agreement(Combination) == 1);
        var byOneWord = texts.Where(text => text.Agreement(Combination) < 1).ToArray();

        Assert.InRange(texts.Length / 6_000.0, (0.4 * 12 / 29) - 0.02, (0.4 * 12 / 29) + 0.02);
        Assert.InRange(kept / (double)texts.Length, 0.97 - 0.022, 0.97 + 0.022);   // about four standard errors
        Assert.All(byOneWord, text => Assert.Contains(Enumerable.Range(0, 4), rule => text.Agreement(words => (SomeTexts.Meaning[words[rule / 2]].Class == 0) == (rule % 2 == 0) ? "good" : "bad") == 1));
        Assert.DoesNotContain(SomeTexts.Many(2_000, progress: 0.449, recipe), text => text.IsLines && text.Labels.Contains("good"));
    }

    [Fact]
    public void Neither_word_of_a_phrase_alone_says_anything()
    {
        var lines = SomeTexts.Many(6_000).Where(text => text.IsLines && text.Labels.Contains("good") && text.Agreement(Combination) > 0.7).SelectMany(text => text.Lines).ToArray();

        Assert.True(lines.Length > 10_000);
        foreach (var slot in (int[])[0, 1])
            foreach (var side in (int[])[0, 1])
            {
                var of = lines.Where(line => SomeTexts.Meaning[line.Words[slot]].Class == side).ToArray();
                Assert.InRange(of.Length / (double)lines.Length, 0.48, 0.52);
                Assert.InRange(of.Count(line => line.Label == "good") / (double)of.Length, 0.47, 0.53);
            }
    }

    [Fact]
    public void One_label_in_twenty_is_wrong()
    {
        var texts = SomeTexts.Many(3_000).Where(text => text.IsLines && text.WordsOfLine == 1 && text.Labels.Length == 2);

        var wrong = texts.Average(text => 1 - Math.Max(text.Agreement(words => text.Labels[SomeTexts.Meaning[words[0]].Class]), text.Agreement(words => text.Labels[1 - SomeTexts.Meaning[words[0]].Class])));

        Assert.InRange(wrong, 0.044, 0.056);
    }

    [Fact]
    public void The_description_names_all_that_decides()
    {
        var description = new MicroworldTexts(new MicroworldRecipe(), 7).Describe();

        using var json = JsonDocument.Parse(description);
        Assert.Equal(0.97, json.RootElement.GetProperty("recipe").GetProperty("phrases_kept").GetDouble());
        Assert.Equal(typeof(MicroworldRecipe).GetProperties().Length, json.RootElement.GetProperty("recipe").EnumerateObject().Count());
        Assert.NotEqual(description, new MicroworldTexts(new MicroworldRecipe(), 8).Describe());
        Assert.NotEqual(description, new MicroworldTexts(new MicroworldRecipe { Usual = 0.3 }, 7).Describe());
        Assert.Equal(description, new MicroworldTexts(new MicroworldRecipe(), 7).Describe());
    }

    [Fact]
    public void Room_of_another_size_and_steps_out_of_range_are_refused()
    {
        var texts = new MicroworldTexts(new MicroworldRecipe(), 7);

        Assert.Throws<ArgumentException>(() => texts.Draw(0, 10, 0, new int[96], new float[95]));
        Assert.Throws<ArgumentOutOfRangeException>(() => texts.Draw(10, 10, 0, new int[97], new float[96]));
        Assert.Throws<ArgumentOutOfRangeException>(() => texts.Draw(-1, 10, 0, new int[97], new float[96]));
    }

    private static bool IsKept(string token) => SomeTexts.Meaning.TryGetValue(token, out var word) && word.Number >= Lexicon.Shared;

    private static bool IsAlike(SomeText text) => text.WordsOfLine == 2 && text.Lines[0].Words.Select(word => SomeTexts.Meaning[word].Attribute).Distinct().Count() == 1;

    private static string Combination(string[] words) => SomeTexts.Meaning[words[0]].Class == SomeTexts.Meaning[words[1]].Class ? "good" : "bad";
}
