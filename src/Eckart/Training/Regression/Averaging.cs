namespace Eckart.Training.Regression;

/// <summary>w as the mean of y·x over the examples, 0 without any: right on average, as x ~ N(0, I), and never exact.</summary>
/// <remarks><b>Source</b>: Garg et al. 2022, arXiv 2208.01066, Section 3.</remarks>
public sealed class Averaging : IFunctionLearner
{
    /// <inheritdoc/>
    public string Name => "averaging";

    /// <inheritdoc/>
    public double[] Predict(FunctionSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        var (d, sum, predictions) = (sample.Dimensions, new double[sample.Dimensions], new double[sample.Points]);
        for (var i = 0; i < sample.Points; i++)
        {
            predictions[i] = i == 0 ? 0 : sample.Dot(sum, i) / i;
            for (var j = 0; j < d; j++) sum[j] += (double)sample.Outputs[i] * sample.Inputs[(i * d) + j];
        }

        return predictions;
    }
}
