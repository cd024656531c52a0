using System.Collections.Immutable;
using Eckart.Statistics;

namespace Eckart.Training.Microworld;

/// <summary>A task that a model of the microworld is examined in.</summary>
/// <param name="Name">As the exam and its curves have it.</param>
/// <param name="Slots">Attributes of a line's words; one of them is drawn for each question.</param>
/// <param name="Meanings">What decides; one of them is drawn for each question.</param>
internal sealed record ExamTask(string Name, ImmutableArray<ImmutableArray<int>> Slots, params ImmutableArray<Meaning> Meanings)
{
    private static readonly ImmutableArray<int> ArbitraryLabels = MicroworldVocabulary.IdsOf(Lexicon.ArbitraryLabels);
    private static readonly ImmutableArray<ImmutableArray<int>> Phrase = [[0, 1]];
    private static readonly ImmutableArray<ImmutableArray<int>> AllPairs = [.. from first in Enumerable.Range(0, 4) from second in Enumerable.Range(first + 1, 3 - first) select ImmutableArray.Create(first, second)];

    /// <summary>Label words; empty: arbitrary ones, drawn for each question.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>Whether the labels are turned round in half of the questions.</summary>
    public bool EitherWay { get; init; }

    /// <summary>Whether the choices are whole ends of a line, the words after the first one included, in place of its label.</summary>
    public bool Completes { get; init; }

    /// <summary>Words of its lines.</summary>
    public WordPool Pool { get; init; } = WordPool.SharedOnly;

    /// <summary>All tasks, then the same on the words kept from texts of several words.</summary>
    public static ImmutableArray<ExamTask> All { get; } = [.. Plain(), .. Plain().Select(task => task with { Name = task.Name + "-kept", Pool = WordPool.KeptOnly })];

    /// <summary>The rule of one question.</summary>
    public LineRule Draw(SplitMix64 random)
    {
        var slots = random.Pick(Slots);
        var meaning = random.Pick(Meanings);
        var labels = Labels.IsEmpty ? random.Pick(ArbitraryLabels, meaning == Meaning.Attribute ? Lexicon.Attributes.Length : 2) : MicroworldVocabulary.IdsOf(Labels);
        var rule = new LineRule(slots, meaning, labels);
        return EitherWay && random.Below(2) == 1 ? rule.Reversed : rule;
    }

    private static IEnumerable<ExamTask> Plain() =>
    [
        .. Lexicon.Attributes.Select((attribute, i) => new ExamTask(attribute.Name, [[i]], Meaning.Class(0)) { Pool = WordPool.All }),
        new("kind", [[LineRule.AnyAttribute]], Meaning.Attribute) { Pool = WordPool.All },
        new("two", AllPairs, Meaning.Class(0), Meaning.Class(1)),
        new("four", [[0, 1, 2, 3]], Meaning.Class(0), Meaning.Class(1), Meaning.Class(2), Meaning.Class(3)),
        new("usual", Phrase, Meaning.Agreement) { Labels = Lexicon.PhraseLabels },
        new("flipped", Phrase, Meaning.Agreement) { Labels = [.. Lexicon.PhraseLabels.Reverse()] },
        new("context", Phrase, Meaning.Class(0), Meaning.Class(1)) { Labels = Lexicon.PhraseLabels, EitherWay = true },
        new("neutral", Phrase, Meaning.Class(0), Meaning.Class(1)),
        new("alike", [[0, 0], [1, 1], [2, 2], [3, 3]], Meaning.Agreement) { Labels = Lexicon.AlikeLabels },
        new("alike-neutral", [[0, 0], [1, 1], [2, 2], [3, 3]], Meaning.Agreement),
        new("completion", Phrase, Meaning.Class(1)) { Completes = true },
    ];
}
