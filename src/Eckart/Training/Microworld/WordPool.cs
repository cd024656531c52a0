using Eckart.Statistics;

namespace Eckart.Training.Microworld;

/// <summary>The words of each class that a text may use.</summary>
/// <param name="Shared">The first so many of those of all texts.</param>
/// <param name="Kept">The first so many of those kept from texts of several words.</param>
internal readonly record struct WordPool(int Shared, int Kept)
{
    /// <summary>All words.</summary>
    public static WordPool All { get; } = new(Lexicon.Shared, Lexicon.Kept);

    /// <summary>Words of all texts.</summary>
    public static WordPool SharedOnly { get; } = new(Lexicon.Shared, 0);

    /// <summary>Words kept from texts of several words.</summary>
    public static WordPool KeptOnly { get; } = new(0, Lexicon.Kept);

    /// <summary>Numbers of the words, in order.</summary>
    public IEnumerable<int> Numbers => Enumerable.Range(0, Shared).Concat(Enumerable.Range(Lexicon.Shared, Kept));

    /// <summary>A word of an attribute: class and number alike.</summary>
    public Word Draw(SplitMix64 random, int attribute)
    {
        var side = random.Below(2);
        var number = random.Below(Shared + Kept);
        return new Word(attribute, side, number < Shared ? number : number - Shared + Lexicon.Shared);
    }
}
