namespace Eckart.Training.Microworld;

/// <summary>A word by its place in the <see cref="Lexicon"/>.</summary>
/// <param name="Attribute">Zero-based attribute.</param>
/// <param name="Class">0 or 1.</param>
/// <param name="Number">Zero-based word of the class.</param>
internal readonly record struct Word(int Attribute, int Class, int Number)
{
    private const int InClass = Lexicon.Shared + Lexicon.Kept;
    private static readonly int First = MicroworldVocabulary.Tokens.Length - (Lexicon.Attributes.Length * 2 * InClass);

    /// <summary>Its token.</summary>
    public int Id => First + (((Attribute * 2) + Class) * InClass) + Number;

    /// <summary>The word.</summary>
    public override string ToString() => MicroworldVocabulary.Tokens[Id];
}
