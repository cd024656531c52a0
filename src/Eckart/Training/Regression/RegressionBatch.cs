namespace Eckart.Training.Regression;

/// <summary>The functions of one step, and the squared error of what is predicted of each y.</summary>
/// <param name="recipe">What they are.</param>
/// <param name="functions">B.</param>
/// <param name="seed">Equal seeds give equal functions.</param>
internal sealed class RegressionBatch(RegressionRecipe recipe, int functions, ulong seed) : IBatch
{
    private const ulong Purpose = 0x6675_6E63_7469_6F6E;   // "function": other streams than the evaluation's

    private readonly float[] mixtures = new float[functions * recipe.Positions * recipe.Vocabulary];    // (B, T, V), T of this step
    private readonly float[] outputs = new float[functions * recipe.Points];                            // (B, points), points of this step
    private int points;

    /// <inheritdoc/>
    public int AtOnce => 8;

    /// <inheritdoc/>
    public double Weight => functions * points;

    /// <inheritdoc/>
    /// <remarks>At least 1, which it is on average over all coordinates: a small batch of flat functions shows no divergence.</remarks>
    public double LossOfNothing => Math.Max(1, outputs.Take(functions * points).Sum(y => (double)y * y) / recipe.Dimensions / Weight);

    private int Tokens => RegressionRecipe.PositionsOf(points);

    /// <inheritdoc/>
    public void Draw(long step, long steps)
    {
        points = recipe.PointsAt(step, steps);
        Array.Clear(mixtures);
        for (var place = 0; place < functions; place++)
        {
            var sample = FunctionSample.Draw(SeededDraws.At(Purpose, seed, (ulong)step, (ulong)place), recipe.Dimensions, points, recipe.DimensionsAt(step, steps));
            recipe.WriteMixtures(sample, mixtures.AsSpan(place * Tokens * recipe.Vocabulary, Tokens * recipe.Vocabulary));
            for (var i = 0; i < points; i++) outputs[(place * points) + i] = sample.Outputs[i];
        }
    }

    /// <inheritdoc/>
    public double Backward(TrainableLm model, Replica weights, int first, int sequences, WorkMemory memory)
    {
        var (read, goal) = Part(first, sequences);
        var decoder = model.Decoder(weights, Tokens, memory);
        var states = decoder.Forward(MixtureEmbedding.Forward(read.Span, weights, memory));
        var (loss, gradient) = SquaredError.Backward(model, weights, states, goal.Span, recipe.Dimensions, memory);
        MixtureEmbedding.Backward(read.Span, decoder.Backward(gradient), weights);
        return loss;
    }

    /// <summary>Some of the sequences.</summary>
    /// <returns>What is read, (sequences · T, V), and each y, (sequences · points).</returns>
    public (ReadOnlyMemory<float> Read, ReadOnlyMemory<float> Outputs) Part(int first, int sequences) =>
        (mixtures.AsMemory(first * Tokens * recipe.Vocabulary, sequences * Tokens * recipe.Vocabulary), outputs.AsMemory(first * points, sequences * points));
}
