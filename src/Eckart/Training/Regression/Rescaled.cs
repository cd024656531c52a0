namespace Eckart.Training.Regression;

/// <summary>A learner whose predictions are multiplied by one number: the control for edits that only make predictions smaller.</summary>
/// <param name="learner">Whose predictions; still the caller's.</param>
/// <param name="factor">The number.</param>
internal sealed class Rescaled(IFunctionLearner learner, double factor) : IFunctionLearner
{
    /// <summary>The number.</summary>
    public double Factor => factor;

    /// <inheritdoc/>
    public string Name => $"{learner.Name} (rescaled)";

    /// <inheritdoc/>
    public double[] Predict(FunctionSample sample) => [.. learner.Predict(sample).Select(prediction => factor * prediction)];
}
