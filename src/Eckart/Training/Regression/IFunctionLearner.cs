namespace Eckart.Training.Regression;

/// <summary>Anything that predicts a function's next value from the examples before it.</summary>
public interface IFunctionLearner
{
    /// <summary>For reports.</summary>
    string Name { get; }

    /// <summary>Predicts every y of a sample, the i-th from x₁, y₁, …, xᵢ₋₁, yᵢ₋₁ and xᵢ alone. Safe on several threads.</summary>
    /// <param name="sample">The function's points.</param>
    /// <returns>(points).</returns>
    double[] Predict(FunctionSample sample);
}
