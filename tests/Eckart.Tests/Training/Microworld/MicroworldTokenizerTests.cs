using Eckart.Formats.Tokenizers;
using Eckart.Models;
using Eckart.Tasks;
using Eckart.Tests.Support;
using Eckart.Training.Microworld;

namespace Eckart.Tests.Training.Microworld;

public sealed class MicroworldTokenizerTests
{
    [Fact]
    public void Texts_and_ids_are_each_others()
    {
        using var tokenizer = Tokenizer();
        var texts = new MicroworldTexts(new MicroworldRecipe { Copying = 0 }, 7);

        for (var place = 0; place < 50; place++)
        {
            var (ids, _) = SomeTexts.Draw(texts, 600, 1000, place);
            var text = tokenizer.Decode(ids);

            Assert.Equal(ids, tokenizer.Encode(text, addSpecialTokens: true));
            Assert.All(text.Split('\n')[..^1], line => Assert.Matches("^[a-z]+( [a-z]+)* : [a-z]+$", line));
        }
    }

    [Fact]
    public void Every_token_is_one_token()
    {
        using var tokenizer = Tokenizer();

        Assert.Equal(MicroworldVocabulary.Tokens.Length, tokenizer.VocabularySize);
        Assert.All(MicroworldVocabulary.Tokens.Index(), token => Assert.Equal([token.Index], tokenizer.Encode(token.Item, addSpecialTokens: true)));
    }

    [Theory]
    [InlineData("long holiday : good\n", "long holiday : good")]
    [InlineData("long  holiday:good\n", "another spelling of spaces")]
    [InlineData("long\tholiday : good\r\n", "other white space")]
    public void Spaces_are_dropped_and_colons_and_line_ends_are_tokens(string text, string why)
    {
        using var tokenizer = Tokenizer();

        Assert.True(new[] { "long", "holiday", ":", "good", "\n" }.Select(MicroworldVocabulary.Id).SequenceEqual(tokenizer.Encode(text, addSpecialTokens: true)), why);
    }

    [Fact]
    public void A_choice_is_the_token_that_follows_the_colon_in_training()
    {
        using var tokenizer = Tokenizer();

        var query = new QueryEncoder(tokenizer, SomeSpec.Of() with { Vocabulary = tokenizer.VocabularySize }, new Scoring(ScoringRule.Choice))
            .Encode(new Item(0, 0, ["short wait : good\nlong holiday :"], [" good", " bad"]), "the item");

        int[] prompt = [.. new[] { "short", "wait", ":", "good", "\n", "long", "holiday", ":" }.Select(MicroworldVocabulary.Id)];
        Assert.Equal([.. prompt, MicroworldVocabulary.Id("good")], query.Choices[0].Ids.ToArray());
        Assert.Equal([.. prompt, MicroworldVocabulary.Id("bad")], query.Choices[1].Ids.ToArray());
    }

    [Fact]
    public void A_word_outside_the_vocabulary_is_refused_by_name()
    {
        using var tokenizer = Tokenizer();
        var encoder = new QueryEncoder(tokenizer, SomeSpec.Of() with { Vocabulary = tokenizer.VocabularySize }, new Scoring(ScoringRule.Choice));

        Refused.With(() => tokenizer.Encode("long holiday : excellent", addSpecialTokens: false), "expected words of the model's vocabulary", "'excellent'");
        Refused.With(() => encoder.Encode(new Item(0, 0, ["long vacation :"], [" good", " bad"]), "row 3"), "row 3: ", "'vacation'");
        Refused.With(() => encoder.Encode(new Item(0, 0, ["Long holiday :"], [" good", " bad"]), "row 3"), "row 3: ", "'Long'");
    }

    private static TextTokenizer Tokenizer() => TextTokenizer.FromJson(MicroworldTokenizer.ToJson(), "tokenizer.json");
}
