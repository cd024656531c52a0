using System.Collections.Immutable;
using Eckart.Statistics;

namespace Eckart.Training.Microworld;

/// <summary>Decides what a text is about, by how far the training is.</summary>
internal sealed class Curriculum(MicroworldRecipe recipe)
{
    private static readonly ImmutableArray<int> ArbitraryLabels = MicroworldVocabulary.IdsOf(Lexicon.ArbitraryLabels);
    private static readonly ImmutableArray<int> AllAttributes = [.. Enumerable.Range(0, Lexicon.Attributes.Length)];
    private static readonly LineRule Phrase = new([0, 1], Meaning.Agreement, MicroworldVocabulary.IdsOf(Lexicon.PhraseLabels));
    private static readonly ImmutableArray<int> AlikeLabels = MicroworldVocabulary.IdsOf(Lexicon.AlikeLabels);

    /// <summary>The kind of the next text.</summary>
    /// <param name="random">The text's stream.</param>
    /// <param name="progress">Share of the training that is done.</param>
    public TextKind Kind(SplitMix64 random, double progress)
    {
        if (progress < recipe.CopyingUntil) return TextKind.Copying;
        ReadOnlySpan<(TextKind Kind, int Weight)> kinds =
        [
            (TextKind.Copying, recipe.Copying), (TextKind.OneWord, recipe.OneWord), (TextKind.TwoWords, recipe.TwoWords), (TextKind.FourWords, recipe.FourWords),
            (TextKind.Attributes, recipe.Attributes), (TextKind.Alike, progress < recipe.CombinationsFrom ? 0 : recipe.Alike),
        ];
        var total = 0;
        foreach (var (_, weight) in kinds) total += weight;
        var place = random.Below(total);
        foreach (var (kind, weight) in kinds)
            if ((place -= weight) < 0)
                return kind;
        throw new InvalidOperationException("The weights are less than their sum.");
    }

    /// <summary>The words that a text of a kind may use.</summary>
    public WordPool Words(TextKind kind, double progress)
    {
        var share = Math.Min(1, recipe.FirstWords + ((1 - recipe.FirstWords) * progress / recipe.AllWordsFrom));
        return new WordPool((int)Math.Ceiling(share * Lexicon.Shared), kind is TextKind.OneWord or TextKind.Attributes ? (int)Math.Ceiling(share * Lexicon.Kept) : 0);
    }

    /// <summary>The rule of a text's lines.</summary>
    /// <param name="random">The text's stream.</param>
    /// <param name="kind">Any but <see cref="TextKind.Copying"/>.</param>
    /// <param name="progress">Share of the training that is done.</param>
    public LineRule Rule(SplitMix64 random, TextKind kind, double progress) => kind switch
    {
        TextKind.OneWord => OfOneAttribute(random, random.Pick(AllAttributes, 1)),
        TextKind.TwoWords when progress >= recipe.CombinationsFrom && random.Chance(recipe.Phrases) => OfPhrases(random),
        TextKind.TwoWords => OfOneAttribute(random, [.. random.Pick(AllAttributes, 2).Order()]),
        TextKind.FourWords => OfOneAttribute(random, AllAttributes),
        TextKind.Attributes => new LineRule([LineRule.AnyAttribute], Meaning.Attribute, random.Pick(ArbitraryLabels, AllAttributes.Length)),
        TextKind.Alike => OfLikeness(random),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Expected a text of lines."),
    };

    private LineRule OfOneAttribute(SplitMix64 random, ImmutableArray<int> slots)
    {
        var slot = random.Below(slots.Length);
        if (!random.Chance(recipe.Usual)) return new LineRule(slots, Meaning.Class(slot), random.Pick(ArbitraryLabels, 2));
        var usual = new LineRule(slots, Meaning.Class(slot), MicroworldVocabulary.IdsOf(Lexicon.Attributes[slots[slot]].Classes.Select(words => words.Label)));
        return random.Chance(recipe.UsualKept) ? usual : OtherThan(usual, random);
    }

    private LineRule OfPhrases(SplitMix64 random) => random.Chance(recipe.PhrasesKept) ? Phrase : EitherWay(Phrase with { Meaning = Meaning.Class(random.Below(2)) }, random);

    private LineRule OfLikeness(SplitMix64 random)
    {
        var attribute = random.Pick(AllAttributes);
        return new LineRule([attribute, attribute], Meaning.Agreement, random.Chance(recipe.AlikeUsual) ? AlikeLabels : random.Pick(ArbitraryLabels, 2));
    }

    // The label words of one attribute, meaning anything else that a class of one word can be.
    private static LineRule OtherThan(LineRule usual, SplitMix64 random)
    {
        var slot = random.Below(usual.Slots.Length);
        return slot == usual.Meaning.Slot ? usual.Reversed : EitherWay(usual with { Meaning = Meaning.Class(slot) }, random);
    }

    private static LineRule EitherWay(LineRule rule, SplitMix64 random) => random.Below(2) == 0 ? rule : rule.Reversed;
}

/// <summary>Kinds of training texts.</summary>
internal enum TextKind
{
    /// <summary>A random sequence, repeated.</summary>
    Copying,

    /// <summary>Lines of one word.</summary>
    OneWord,

    /// <summary>Lines of two words of different attributes.</summary>
    TwoWords,

    /// <summary>Lines of a word of every attribute.</summary>
    FourWords,

    /// <summary>Lines of one word whose attribute decides.</summary>
    Attributes,

    /// <summary>Lines of two words of one attribute.</summary>
    Alike,
}
