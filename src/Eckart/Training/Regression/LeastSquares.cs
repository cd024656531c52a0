using Eckart.Statistics;

namespace Eckart.Training.Regression;

/// <summary>The shortest w with the least squared error on the examples: below d examples it goes through all of them, from d on it is the function itself.</summary>
/// <remarks><b>Source</b>: Garg et al. 2022, arXiv 2208.01066, Section 3. Inputs in general position: normal equations in double, of as many unknowns as there are examples or dimensions, whichever are fewer.</remarks>
public sealed class LeastSquares : IFunctionLearner
{
    /// <inheritdoc/>
    public string Name => "least squares";

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Examples that depend on one another.</exception>
    public double[] Predict(FunctionSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return [.. Enumerable.Range(0, sample.Points).Select(i => i == 0 ? 0 : sample.Dot(Weights(sample, i), i))];
    }

    private static double[] Weights(FunctionSample sample, int examples)
    {
        var (d, x, y) = (sample.Dimensions, sample.Inputs, sample.Outputs);
        if (examples < d)
        {
            var shares = Cholesky.Solve(Gram(examples, d, (i, k) => x[(i * d) + k]), [.. y.Take(examples).Select(one => (double)one)]);
            return [.. Enumerable.Range(0, d).Select(j => Enumerable.Range(0, examples).Sum(i => shares[i] * x[(i * d) + j]))];
        }

        return Cholesky.Solve(Gram(d, examples, (j, i) => x[(i * d) + j]), [.. Enumerable.Range(0, d).Select(j => Enumerable.Range(0, examples).Sum(i => (double)x[(i * d) + j] * y[i]))]);
    }

    // Products of rows; the lower triangle.
    private static double[,] Gram(int rows, int columns, Func<int, int, float> at)
    {
        var gram = new double[rows, rows];
        for (var i = 0; i < rows; i++)
            for (var j = 0; j <= i; j++)
                for (var k = 0; k < columns; k++) gram[i, j] += (double)at(i, k) * at(j, k);
        return gram;
    }
}
