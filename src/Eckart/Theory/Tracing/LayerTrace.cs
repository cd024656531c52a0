using System.Collections.Immutable;

namespace Eckart.Theory.Tracing;

/// <summary>One layer at the query of a prompt. What has no value, or was not asked for, is NaN.</summary>
/// <param name="Layer">From 0; the paper's t is one more.</param>
/// <param name="UpdateNorm">‖ΔW_t‖, Frobenius, of all heads together; on attention's normalised input.</param>
/// <param name="EffectiveRank">exp of the entropy of ΔW_t's singular values over their sum; 0 for ΔW_t = 0.</param>
/// <param name="GradientNorm">‖G_t‖, Frobenius; G_t = ΔW_t N_t (I + W_{t−1}), with the norm before attention as the linear map N_t that it is at the query.</param>
/// <param name="ProductNorm">‖I + W_t‖, Frobenius.</param>
/// <param name="ProductLargest">‖I + W_t‖, spectral: its largest singular value.</param>
/// <param name="Attention">How much of the softmax falls on the demonstrations, on average over heads.</param>
/// <param name="OutputShare">The demonstrations' part of attention's output, along that output; with the other tokens' share it makes 1.</param>
/// <param name="LinearError">‖linear − model‖ / ‖model‖ of the demonstrations' part of attention's output.</param>
/// <param name="LinearCosine">Cosine between the two.</param>
/// <param name="MlpError">‖what the MLPs up to here added‖ / ‖residual‖: what leaving them out leaves out.</param>
/// <param name="ChainError">‖(I + W_t) h⁰ − h^t‖ / ‖h^t‖ of the query's residual: how far Theorem 1's form is from the model.</param>
/// <param name="Heads">In order; empty for a layer that is left out, or where they were not asked for.</param>
public sealed record LayerTrace(
    int Layer,
    double UpdateNorm,
    double EffectiveRank,
    double GradientNorm,
    double ProductNorm,
    double ProductLargest,
    double Attention,
    double OutputShare,
    double LinearError,
    double LinearCosine,
    double MlpError,
    double ChainError,
    ImmutableArray<HeadTrace> Heads)
{
    /// <summary>⟨g_i, g_j⟩ of the N demonstrations' gradients, whose mean is G_t; zeros for a layer that is left out.</summary>
    public required RealMatrix Gram { get; init; }
}
