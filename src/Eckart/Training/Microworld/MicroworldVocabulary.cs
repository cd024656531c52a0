using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Eckart.Training.Microworld;

/// <summary>The tokens of the microworld: a token a word. Their order is part of every trained model.</summary>
public static class MicroworldVocabulary
{
    /// <summary>Ends a line.</summary>
    public const int LineEnd = 0;

    /// <summary>Stands between a line's words and its label.</summary>
    public const int Colon = 1;

    /// <summary>Texts of the tokens by id.</summary>
    public static ImmutableArray<string> Tokens { get; } =
    [
        "\n", ":",
        .. Lexicon.ArbitraryLabels,
        .. Lexicon.Attributes.SelectMany(attribute => attribute.Classes).Select(words => words.Label),
        .. Lexicon.PhraseLabels,
        .. Lexicon.AlikeLabels,
        .. Lexicon.Attributes.SelectMany(attribute => attribute.Classes).SelectMany(words => words.Words),
    ];

    private static readonly FrozenDictionary<string, int> Ids = Tokens.Index().ToFrozenDictionary(token => token.Item, token => token.Index, StringComparer.Ordinal);

    /// <summary>Id of a token.</summary>
    /// <exception cref="KeyNotFoundException">Not a word of the microworld.</exception>
    public static int Id(string token) => Ids[token];

    /// <summary>Ids of several tokens.</summary>
    /// <exception cref="KeyNotFoundException">Not words of the microworld.</exception>
    internal static ImmutableArray<int> IdsOf(params IEnumerable<string> tokens) => [.. tokens.Select(Id)];
}
