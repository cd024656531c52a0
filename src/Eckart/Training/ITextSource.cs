namespace Eckart.Training;

/// <summary>Texts to train on, drawn by step and place alone: the same whatever was drawn before.</summary>
public interface ITextSource
{
    /// <summary>Token ids are below this.</summary>
    int Vocabulary { get; }

    /// <summary>Tokens of a text, the same for all: one more than the positions that a model reads.</summary>
    int Length { get; }

    /// <summary>Draws one text.</summary>
    /// <param name="step">Zero-based step of the training.</param>
    /// <param name="steps">Steps of the whole training: what is drawn may change on the way.</param>
    /// <param name="place">Zero-based place in the step's batch.</param>
    /// <param name="ids">(Length); receives the text.</param>
    /// <param name="weights">(Length − 1); receives the weight in the loss of predicting <c>ids[i + 1]</c>; 0 in padding.</param>
    void Draw(long step, long steps, int place, Span<int> ids, Span<float> weights);

    /// <summary>Canonical JSON of everything that decides the texts.</summary>
    string Describe();
}
