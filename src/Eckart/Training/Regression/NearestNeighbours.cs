namespace Eckart.Training.Regression;

/// <summary>The mean of the y whose x are nearest; of all where they are fewer, and 0 without any.</summary>
/// <param name="count">How many; equally near ones count in their order.</param>
/// <remarks><b>Source</b>: Garg et al. 2022, arXiv 2208.01066, Section 3: three, unweighted, by Euclidean distance.</remarks>
public sealed class NearestNeighbours(int count = 3) : IFunctionLearner
{
    /// <inheritdoc/>
    public string Name => $"{count}-nearest neighbours";

    /// <inheritdoc/>
    public double[] Predict(FunctionSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return [.. Enumerable.Range(0, sample.Points).Select(i => Enumerable.Range(0, i).OrderBy(other => Distance(sample, i, other)).Take(count).Select(other => (double)sample.Outputs[other]).DefaultIfEmpty(0).Average())];
    }

    private static double Distance(FunctionSample sample, int i, int j)
    {
        var (d, sum) = (sample.Dimensions, 0.0);
        for (var k = 0; k < d; k++) sum += Math.Pow((double)sample.Inputs[(i * d) + k] - sample.Inputs[(j * d) + k], 2);
        return sum;
    }
}
