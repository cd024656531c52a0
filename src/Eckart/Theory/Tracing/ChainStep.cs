namespace Eckart.Theory.Tracing;

/// <summary>What a layer adds to the chain.</summary>
/// <param name="UpdateNorm">‖ΔW_t‖, Frobenius.</param>
/// <param name="GradientNorm">‖G_t‖, Frobenius.</param>
/// <param name="Gram">⟨g_i, g_j⟩ of the demonstrations' gradients, (N, N) row by row.</param>
internal sealed record ChainStep(double UpdateNorm, double GradientNorm, double[] Gram)
{
    /// <summary>Whether float64 holds all of it, squares of norms too.</summary>
    public bool IsFinite => double.IsFinite(UpdateNorm * UpdateNorm) && double.IsFinite(GradientNorm * GradientNorm) && Gram.All(double.IsFinite);
}
