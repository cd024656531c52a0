namespace Eckart.Training.Microworld;

/// <summary>Every proportion of the microworld's training texts. A value: written into the settings of a training.</summary>
/// <remarks>The order matters: copying first, without which nothing in context is learnt; one-attribute labels before those of combinations, which are not learnt otherwise.</remarks>
public sealed record MicroworldRecipe
{
    /// <summary>Tokens of a text; enough for twelve lines of four words and a query.</summary>
    public int Length { get; init; } = 97;

    /// <summary>Share of the steps that see repeated sequences only.</summary>
    public double CopyingUntil { get; init; } = 0.15;

    /// <summary>Fewest tokens of a sequence that is repeated. Short periods let a model copy by position, from which it does not find its way to copying by content.</summary>
    public int ShortestPeriod { get; init; } = 8;

    /// <summary>Most tokens of such a sequence, less than half of a text.</summary>
    public int LongestPeriod { get; init; } = 40;

    /// <summary>Share of each class's words that is in use at the start.</summary>
    public double FirstWords { get; init; } = 0.2;

    /// <summary>Share of the steps after which all words are in use.</summary>
    public double AllWordsFrom { get; init; } = 0.4;

    /// <summary>Share of the steps after which labels that mean a combination occur.</summary>
    public double CombinationsFrom { get; init; } = 0.45;

    /// <summary>Weight of repeated sequences among the texts, after <see cref="CopyingUntil"/>.</summary>
    public int Copying { get; init; } = 4;

    /// <summary>Weight of texts of one word a line.</summary>
    public int OneWord { get; init; } = 8;

    /// <summary>Weight of texts of two words of different attributes a line.</summary>
    public int TwoWords { get; init; } = 12;

    /// <summary>Weight of texts of a word of every attribute a line.</summary>
    public int FourWords { get; init; } = 1;

    /// <summary>Weight of texts whose labels mean the attribute of the word: four classes.</summary>
    public int Attributes { get; init; } = 2;

    /// <summary>Weight of texts whose labels mean whether two words of one attribute are alike, from <see cref="CombinationsFrom"/> on.</summary>
    public int Alike { get; init; } = 2;

    /// <summary>Share of texts (those with combinations aside) whose label words usually mean a class of one attribute.</summary>
    public double Usual { get; init; } = 0.40;

    /// <summary>Share of those in which they do.</summary>
    public double UsualKept { get; init; } = 0.98;

    /// <summary>Share of two-word texts, from <see cref="CombinationsFrom"/> on, with the label words that usually mean a combination.</summary>
    public double Phrases { get; init; } = 0.40;

    /// <summary>Share of those in which they do; in the others they mean one attribute, either way round.</summary>
    public double PhrasesKept { get; init; } = 0.97;

    /// <summary>Share of texts about likeness with the label words that mean it; the others have arbitrary ones.</summary>
    public double AlikeUsual { get; init; } = 0.50;

    /// <summary>Share of lines with a wrong label.</summary>
    public double LabelNoise { get; init; } = 0.05;

    /// <summary>Weight in the loss of what is no label; labels have 1.</summary>
    public float OtherLoss { get; init; } = 0.1f;

    /// <summary>Weight in the loss of what repeats in a repeated sequence.</summary>
    public float RepetitionLoss { get; init; } = 1;
}
