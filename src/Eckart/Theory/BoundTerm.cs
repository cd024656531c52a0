namespace Eckart.Theory;

/// <summary>What one layer and one prompt add to a bound.</summary>
/// <param name="UpdateSquared">‖ΔW_t‖_F².</param>
/// <param name="OperatorSquared">‖I + W_{t−1}‖_F².</param>
/// <param name="OperatorSpectralSquared">‖I + W_{t−1}‖₂².</param>
/// <param name="Gradients">Whose mean is G_t.</param>
/// <param name="Covariance">C_t.</param>
public sealed record BoundTerm(double UpdateSquared, double OperatorSquared, double OperatorSpectralSquared, GradientFactors Gradients, SubsetCovariance Covariance)
{
    /// <summary>‖G_t‖_F².</summary>
    public double GradientSquared { get; } = (Gradients ?? throw new ArgumentNullException(nameof(Gradients))).SquaredNorm;

    /// <summary>That of a trajectory's layer.</summary>
    /// <param name="step">The layer.</param>
    /// <param name="given">b demonstrations of its N.</param>
    /// <exception cref="Eckart.Formats.InputException">N is 1, or b is not from 1 to N.</exception>
    public static BoundTerm Of(TrajectoryStep step, int given)
    {
        ArgumentNullException.ThrowIfNull(step);
        var gradients = GradientFactors.Of(step);
        var spectral = SingularDecomposition.Of(step.Operator).Values[0];
        return new BoundTerm(step.Update.SquaredNorm, step.Operator.SquaredNorm, spectral * spectral, gradients, SubsetCovariance.Of(gradients, given));
    }

    /// <summary>What stands for ‖G_t − g̃_t‖², for forms that one prompt decides.</summary>
    /// <param name="form">Not <see cref="BoundForm.Centred"/>.</param>
    public double SquaredNorm(BoundForm form) => form switch
    {
        BoundForm.Printed => UpdateSquared * OperatorSquared,
        BoundForm.Spectral => UpdateSquared * OperatorSpectralSquared,
        BoundForm.Gradient => GradientSquared,
        _ => throw new ArgumentOutOfRangeException(nameof(form), form, "A mean over prompts is not one prompt's."),
    };

    /// <summary>d·log((‖·‖² + tr(C_t + εI))/d) − log det(C_t + εI) of one prompt; never below 0.</summary>
    /// <param name="form">Not <see cref="BoundForm.Centred"/>.</param>
    /// <param name="epsilon">ε above 0.</param>
    public double Summand(BoundForm form, double epsilon)
    {
        double d = Covariance.Dimension;
        return (d * Math.Log((SquaredNorm(form) + Covariance.TraceWith(epsilon)) / d)) - Covariance.LogDeterminant(epsilon);
    }
}
