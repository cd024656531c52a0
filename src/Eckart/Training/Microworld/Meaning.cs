namespace Eckart.Training.Microworld;

/// <summary>What decides which label a line has.</summary>
/// <param name="Kind">The way of deciding.</param>
/// <param name="Slot">The word that decides; <see cref="MeaningKind.Class"/> only.</param>
internal readonly record struct Meaning(MeaningKind Kind, int Slot = 0)
{
    /// <summary>Whether the two words' classes agree: long holiday, short wait (exclusive or, so that neither word alone says anything).</summary>
    public static Meaning Agreement { get; } = new(MeaningKind.Agreement);

    /// <summary>The attribute of the one word.</summary>
    public static Meaning Attribute { get; } = new(MeaningKind.Attribute);

    /// <summary>The class of a word.</summary>
    public static Meaning Class(int slot) => new(MeaningKind.Class, slot);

    /// <summary>Index of the label of a line.</summary>
    public int Of(ReadOnlySpan<Word> words) => Kind switch
    {
        MeaningKind.Class => words[Slot].Class,
        MeaningKind.Agreement => words[0].Class == words[1].Class ? 0 : 1,
        _ => words[0].Attribute,
    };
}

/// <summary>Ways of deciding.</summary>
internal enum MeaningKind
{
    /// <summary>By the class of one word.</summary>
    Class,

    /// <summary>By whether two words' classes agree.</summary>
    Agreement,

    /// <summary>By the attribute of a word.</summary>
    Attribute,
}
