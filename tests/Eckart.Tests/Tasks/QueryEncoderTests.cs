using System.Text.Json.Nodes;
using Eckart.Formats.Tokenizers;
using Eckart.Models;
using Eckart.Tasks;
using Eckart.Tests.Support;

namespace Eckart.Tests.Tasks;

/// <summary>Byte-level tokens are the bytes themselves, so that ids can be read: 'a' is 97.</summary>
public sealed class QueryEncoderTests
{
    private const int Merged = 256;
    private static readonly Scoring Sum = new(ScoringRule.Choice);
    private static readonly ModelSpec Spec = SomeSpec.Of() with { Vocabulary = 300 };

    [Fact]
    public void A_choices_own_tokens_are_what_follows_the_prompt()
    {
        var query = Encode(Tokenizer(), Sum, ["ab"], ["c", " de"], gold: 1, row: 7);

        Assert.Equal((7, 1, "the item"), (query.Row, query.Gold, query.Where));
        Assert.Equal([97, 98, 99], query.Choices[0].Ids.ToArray());
        Assert.Equal([97, 98, 32, 100, 101], query.Choices[1].Ids.ToArray());
        Assert.Equal([1, 3], query.Choices.Select(choice => choice.Own));
        Assert.Equal([97, 98], query.Choices[0].Input.ToArray());
        Assert.Empty(query.Priors);
    }

    [Fact]
    public void A_boundary_within_a_token_scores_the_whole_token()
    {
        var json = Tokenizer();
        Merge(json, "a", "b");
        using var tokenizer = TextTokenizer.FromJson(json, "tokenizer.json");

        var query = new QueryEncoder(tokenizer, Spec, Sum).Encode(new Item(0, 0, ["xa"], ["b", "c"]), "the item");

        Assert.Equal([120, Merged], query.Choices[0].Ids.ToArray());
        Assert.Equal([120, 97, 99], query.Choices[1].Ids.ToArray());
        Assert.Equal([1, 1], query.Choices.Select(choice => choice.Own));
        Assert.True(QueryEncoder.SplitsPrompt(tokenizer, "xa", query.Choices[0]));
        Assert.False(QueryEncoder.SplitsPrompt(tokenizer, "xa", query.Choices[1]));
    }

    [Theory]
    [InlineData("a\0b", 97, 0, 98)]
    [InlineData("   ", 32, 32, 32)]
    [InlineData("x<s></s>", 120, Merged, Merged + 1)]
    public void Nul_spaces_alone_and_special_tokens_are_tokenised_as_they_are(string text, params int[] ids)
    {
        var json = Tokenizer();
        json["added_tokens"] = new JsonArray([.. new[] { "<s>", "</s>" }.Select((content, i) => new JsonObject { ["id"] = Merged + i, ["content"] = content, ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false, ["normalized"] = false, ["special"] = true })]);

        Assert.Equal([.. ids, 99], Encode(json, Sum, [text], ["c"]).Choices[0].Ids.ToArray());
    }

    [Fact]
    public void Special_tokens_stand_before_the_prompt_and_none_is_scored()
    {
        var json = Tokenizer();
        json["post_processor"] = JsonNode.Parse("""
            {"type":"TemplateProcessing",
             "single":[{"SpecialToken":{"id":"B","type_id":0}},{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"E","type_id":0}}],
             "pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":0}}],
             "special_tokens":{"B":{"id":"B","ids":[1],"tokens":["B"]},"E":{"id":"E","ids":[2],"tokens":["E"]}}}
            """);

        Assert.Equal([1, 97, 98], Encode(json, Sum, ["a"], ["b"]).Choices[0].Ids.ToArray());
        Assert.Equal([1, 98], Encode(json, Sum, [""], ["b"]).Choices[0].Ids.ToArray());
        Assert.Equal([1, 97, 98], Encode(json, new Scoring(ScoringRule.LabelToken), ["a"], ["b"]).Choices[0].Ids.ToArray());
        Assert.Equal([1, 97, 98], Encode(json, new Scoring(ScoringRule.MeanLogit), ["ab"], []).Choices[0].Ids.ToArray());
        Assert.Equal(1, Encode(json, Sum, ["a"], ["b"]).Choices[0].Own);
    }

    [Theory]
    [InlineData(ChoiceNormalization.Sum, 1)]
    [InlineData(ChoiceNormalization.Tokens, 7)]
    [InlineData(ChoiceNormalization.Characters, 3)]
    public void The_divisor_is_the_normalizations(ChoiceNormalization normalization, double expected)
    {
        var choice = Encode(Tokenizer(), new Scoring(ScoringRule.Choice, normalization), ["x"], [" é😀"]).Choices[0];

        Assert.Equal((7, expected), (choice.Own, choice.Divisor));
    }

    [Fact]
    public void Priors_are_the_choices_after_the_unconditional_prompt()
    {
        var query = Encode(Tokenizer(), new Scoring(ScoringRule.Choice, ChoiceNormalization.Prior, "P"), ["ab"], ["c", "de"]);

        Assert.Equal([80, 99], query.Priors[0].Ids.ToArray());
        Assert.Equal([80, 100, 101], query.Priors[1].Ids.ToArray());
        Assert.Equal([1, 2], query.Priors.Select(prior => prior.Own));
        Assert.All(query.Choices.Concat(query.Priors), one => Assert.Equal(1, one.Divisor));
    }

    [Fact]
    public void Each_choice_may_have_a_prompt_of_its_own()
    {
        var query = Encode(Tokenizer(), Sum, ["a", "bb"], ["c", "c"]);

        Assert.Equal([97, 99], query.Choices[0].Ids.ToArray());
        Assert.Equal([98, 98, 99], query.Choices[1].Ids.ToArray());
    }

    [Fact]
    public void A_label_token_of_a_byte_level_tokenizer_has_its_space()
    {
        var json = Tokenizer();
        Merge(json, "Ġ", "y");

        var query = Encode(json, new Scoring(ScoringRule.LabelToken), ["a"], [" y", "n"]);

        Assert.Equal([97, Merged], query.Choices[0].Ids.ToArray());
        Assert.Equal([97, 110], query.Choices[1].Ids.ToArray());
        Assert.All(query.Choices, choice => Assert.Equal((1, 1.0), (choice.Own, choice.Divisor)));
    }

    [Fact]
    public void A_label_token_has_no_space_where_the_tokenizer_sets_it()
    {
        var json = Tokenizer();
        json["pre_tokenizer"] = null;
        json["decoder"] = new JsonObject { ["type"] = "Fuse" };
        json["model"]!["vocab"]![" "] = 299;
        json["model"]!["byte_fallback"] = true;

        Assert.Equal([97, 121], Encode(json, new Scoring(ScoringRule.LabelToken), ["a"], [" y"]).Choices[0].Ids.ToArray());
        Assert.Equal([97, 299, 121], Encode(json, Sum, ["a"], [" y"]).Choices[0].Ids.ToArray());
    }

    [Fact]
    public void All_positions_of_a_whole_text_count()
    {
        var query = Encode(Tokenizer(), new Scoring(ScoringRule.MeanLogit), ["ab", "ac"], []);

        Assert.Equal([97, 98], query.Choices[0].Input.ToArray());
        Assert.Equal([0, 0], query.Choices.Select(choice => choice.Own));
    }

    [Theory]
    [InlineData(ScoringRule.Choice, "a", "", "expected choice '' to add tokens")]
    [InlineData(ScoringRule.Choice, "", "bc", "expected a prompt")]
    [InlineData(ScoringRule.LabelToken, "", "b", "expected a prompt")]
    [InlineData(ScoringRule.LabelToken, "a", " no", "expected label ' no' to be one token, found 3")]
    [InlineData(ScoringRule.LabelToken, "a", "", "expected label '' to be one token, found 0")]
    [InlineData(ScoringRule.MeanLogit, "", "b", "expected a prompt")]
    [InlineData(ScoringRule.Choice, "aaaa", "b", "at most 4 tokens", "found 5")]
    [InlineData(ScoringRule.MeanLogit, "aaaaa", "b", "at most 4 tokens", "found 5")]
    [InlineData(ScoringRule.Choice, "~", "b", "ids from 0 to 125, found 126")]
    [InlineData(ScoringRule.Choice, "a", "~", "ids from 0 to 125, found 126")]
    public void What_cannot_be_scored_is_refused(ScoringRule rule, string prompt, string choice, params string[] parts)
    {
        var spec = SomeSpec.Of() with { Vocabulary = 126, MaxPositions = 4 };

        Refused.With(() => Encode(Tokenizer(), new Scoring(rule), [prompt], [choice], spec: spec), ["the item", .. parts]);
    }

    [Fact]
    public void As_many_tokens_as_positions_are_accepted()
    {
        Assert.Equal(4, Encode(Tokenizer(), Sum, ["aaa"], ["b"], spec: SomeSpec.Of() with { MaxPositions = 4 }).Choices[0].Ids.Length);
    }

    [Fact]
    public void Priors_are_held_to_the_model_too()
    {
        var scoring = new Scoring(ScoringRule.Choice, ChoiceNormalization.Prior, "PPPP");

        Refused.With(() => Encode(Tokenizer(), scoring, ["a"], ["b"], spec: SomeSpec.Of() with { MaxPositions = 4 }), "at most 4 tokens", "found 5");
        Refused.With(() => Encode(Tokenizer(), scoring with { Prior = "" }, ["a"], ["b"]), "expected a prompt");
    }

    [Fact]
    public void Choices_with_the_same_tokens_are_refused()
    {
        Refused.With(() => Encode(Tokenizer(), Sum, ["a"], ["b", "c", "b"]), "choices 0 and 2 with the same tokens");
        Refused.With(() => Encode(Tokenizer(), new Scoring(ScoringRule.MeanLogit), ["a", "a"], []), "choices 0 and 1");
    }

    [Fact]
    public void What_the_tokenizer_refuses_is_refused_by_item()
    {
        Refused.With(() => Encode(Tokenizer(), Sum, ["a"], ["\ud800"]), "the item", "lone surrogate");
    }

    [Fact]
    public void An_item_without_choices_is_refused()
    {
        Refused.With(() => Encode(Tokenizer(), Sum, ["a"], []), "expected choices, found none");
    }

    [Fact]
    public void Ids_are_taken_as_they_are()
    {
        var query = QueryEncoder.FromIds(Spec, [5, 6], [[7], [8, 9]], "line 1");

        Assert.Equal([5, 6, 8, 9], query.Choices[1].Ids.ToArray());
        Assert.Equal([1, 2], query.Choices.Select(choice => choice.Own));
        Assert.Equal((0, 0, "line 1"), (query.Row, query.Gold, query.Where));
    }

    [Theory]
    [InlineData("", "7", "expected a prompt")]
    [InlineData("5", "", "expected choices of at least one id")]
    [InlineData("5", "7;", "expected choices of at least one id")]
    [InlineData("5", "7;8;7", "choices 0 and 2")]
    [InlineData("5", "300", "ids from 0 to 299, found 300")]
    [InlineData("-1", "7", "ids from 0 to 299, found -1")]
    public void Ids_that_cannot_be_scored_are_refused(string prompt, string choices, string part)
    {
        int[] Ids(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];

        Refused.With(() => QueryEncoder.FromIds(Spec, Ids(prompt), [.. choices.Split(';').Select(Ids)], "line 1"), "line 1", part);
    }

    private static Query Encode(JsonObject json, Scoring scoring, string[] prompts, string[] choices, int gold = 0, int row = 0, ModelSpec? spec = null)
    {
        using var tokenizer = TextTokenizer.FromJson(json, "tokenizer.json");
        return new QueryEncoder(tokenizer, spec ?? Spec, scoring).Encode(new Item(row, gold, [.. prompts], [.. choices]), "the item");
    }

    private static JsonObject Tokenizer() => TinyModel.Tokenizer();

    private static void Merge(JsonObject json, string left, string right)
    {
        json["model"]!["vocab"]![left + right] = Merged;
        json["model"]!["merges"]!.AsArray().Add(new JsonArray(left, right));
    }
}
