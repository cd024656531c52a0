using System.Collections.Immutable;
using Eckart.Statistics;

namespace Eckart.Training.Microworld;

/// <summary>What all lines of a text have in common.</summary>
/// <param name="Slots">Attribute of each word, in order; <see cref="AnyAttribute"/> where it is drawn for each line.</param>
/// <param name="Meaning">What decides a line's label.</param>
/// <param name="Labels">Tokens of the labels by what <paramref name="Meaning"/> says.</param>
internal sealed record LineRule(ImmutableArray<int> Slots, Meaning Meaning, ImmutableArray<int> Labels)
{
    /// <summary>A word of any attribute.</summary>
    public const int AnyAttribute = -1;

    /// <summary>The same with its labels the other way round.</summary>
    public LineRule Reversed => this with { Labels = [.. Labels.Reverse()] };

    /// <summary>Draws a line's words, no word twice.</summary>
    /// <param name="random">The stream.</param>
    /// <param name="pool">Words to draw from; at least two of a class where an attribute stands twice.</param>
    public Word[] Draw(SplitMix64 random, WordPool pool)
    {
        var words = new Word[Slots.Length];
        for (var slot = 0; slot < words.Length; slot++)
        {
            var attribute = Slots[slot] == AnyAttribute ? random.Below(Lexicon.Attributes.Length) : Slots[slot];
            do words[slot] = pool.Draw(random, attribute);
            while (words.AsSpan(0, slot).Contains(words[slot]));
        }
        return words;
    }

    /// <summary>Tokens of a line with the label of its meaning.</summary>
    public IEnumerable<int> Tokens(Word[] words) => [.. words.Select(word => word.Id), MicroworldVocabulary.Colon, Labels[Meaning.Of(words)], MicroworldVocabulary.LineEnd];
}
