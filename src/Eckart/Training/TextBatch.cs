namespace Eckart.Training;

/// <summary>The texts of one step.</summary>
internal sealed class TextBatch : IBatch
{
    private readonly ITextSource source;
    private readonly int[] ids;         // (B, T + 1)
    private readonly float[] weights;   // (B, T)

    /// <param name="source">Of the texts.</param>
    /// <param name="texts">B.</param>
    public TextBatch(ITextSource source, int texts)
    {
        (this.source, Texts, Tokens) = (source, texts, source.Length - 1);
        (ids, weights) = (new int[texts * source.Length], new float[texts * Tokens]);
    }

    /// <summary>B.</summary>
    public int Texts { get; }

    /// <summary>T: positions that the model reads.</summary>
    public int Tokens { get; }

    /// <inheritdoc/>
    /// <remarks>Four take a sixth longer.</remarks>
    public int AtOnce => 1;

    /// <inheritdoc/>
    public double LossOfNothing => Math.Log(source.Vocabulary);

    /// <inheritdoc/>
    public double Weight => weights.Sum(weight => (double)weight);

    /// <inheritdoc/>
    public void Draw(long step, long steps)
    {
        for (var text = 0; text < Texts; text++)
            source.Draw(step, steps, text, ids.AsSpan(text * source.Length, source.Length), weights.AsSpan(text * Tokens, Tokens));
    }

    /// <inheritdoc/>
    public double Backward(TrainableLm model, Replica weights, int first, int sequences, WorkMemory memory)
    {
        var (read, next, rowWeights) = Part(first, sequences);
        var decoder = model.Decoder(weights, Tokens, memory);
        var states = decoder.Forward(TokenEmbedding.Forward(read, weights, memory));
        var (loss, gradient) = NextTokenLoss.Backward(model, weights, states, next, rowWeights, memory);
        TokenEmbedding.Backward(read, decoder.Backward(gradient), weights);
        return loss;
    }

    /// <summary>Some of the texts.</summary>
    /// <returns>What is read, what comes next, and the weight of each of those, (texts·T) each.</returns>
    public (int[] Read, int[] Next, float[] Weights) Part(int first, int texts)
    {
        var (read, next) = (new int[texts * Tokens], new int[texts * Tokens]);
        for (var text = 0; text < texts; text++)
        {
            var from = ids.AsSpan((first + text) * source.Length, source.Length);
            from[..^1].CopyTo(read.AsSpan(text * Tokens));
            from[1..].CopyTo(next.AsSpan(text * Tokens));
        }

        return (read, next, weights[(first * Tokens)..((first + texts) * Tokens)]);
    }
}
