using System.Text.Json.Nodes;

namespace Eckart.Training;

/// <summary>What a training is of.</summary>
/// <param name="Name">What its sequences are, as a key of the training's settings.</param>
/// <param name="Description">Everything that decides the sequences.</param>
/// <param name="Vocabulary">V.</param>
/// <param name="Positions">Longest sequence.</param>
/// <param name="Batch">Draws the sequences and takes their loss.</param>
/// <param name="Exams">What the model is asked on the way; may be none.</param>
internal sealed record Objective(string Name, JsonNode Description, int Vocabulary, int Positions, IBatch Batch, IReadOnlyList<IExam> Exams)
{
    /// <summary>Texts, whose next tokens are predicted.</summary>
    /// <param name="source">Of the texts.</param>
    /// <param name="exams">What the model is asked on the way.</param>
    /// <param name="texts">Of a batch.</param>
    public static Objective OfTexts(ITextSource source, IReadOnlyList<IExam> exams, int texts) =>
        new("texts", JsonNode.Parse(source.Describe())!, source.Vocabulary, source.Length, new TextBatch(source, texts), exams);
}
