using Eckart.Training.Microworld;

namespace Eckart.Tests.Training.Microworld;

public sealed class LexiconTests
{
    [Fact]
    public void Each_word_stands_once_in_small_letters()
    {
        var words = MicroworldVocabulary.Tokens[2..];

        Assert.Equal(words.Length, words.Distinct().Count());
        Assert.All(words, word => Assert.True(word.All(char.IsAsciiLetterLower), word));
    }

    [Fact]
    public void Each_class_has_words_of_all_texts_and_words_kept_from_some()
    {
        var classes = Lexicon.Attributes.SelectMany(attribute => attribute.Classes).ToArray();

        Assert.Equal(4 * 2, classes.Length);
        Assert.All(classes, words => Assert.Equal(Lexicon.Shared + Lexicon.Kept, words.Words.Length));
        Assert.True(Math.Pow(2 * Lexicon.Shared, 2) > 2_000, "pairs of words make too few distinct queries");
    }

    [Fact]
    public void A_words_place_gives_its_token()
    {
        Assert.All(SomeTexts.Meaning, word => Assert.Equal(word.Key, new Word(word.Value.Attribute, word.Value.Class, word.Value.Number).ToString()));
    }
}
