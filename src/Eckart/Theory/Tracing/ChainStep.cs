namespace Eckart.Theory.Tracing;

/// <summary>What a layer adds to the chain.</summary>
/// <param name="UpdateNorm">‖ΔW_t‖, Frobenius.</param>
/// <param name="EffectiveRank">Of ΔW_t; NaN where it was not asked for.</param>
/// <param name="GradientNorm">‖G_t‖, Frobenius.</param>
/// <param name="Gram">⟨g_i, g_j⟩ of the demonstrations' gradients.</param>
internal sealed record ChainStep(double UpdateNorm, double EffectiveRank, double GradientNorm, RealMatrix Gram);
