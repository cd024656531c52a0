namespace Eckart.Theory.Tracing;

/// <summary>One head at the query of a prompt. What has no value, such as a share of nothing, is NaN.</summary>
/// <param name="Head">Query head, from 0.</param>
/// <param name="UpdateNorm">‖ΔW‖ of the head, Frobenius.</param>
/// <param name="EffectiveRank">exp of the entropy of ΔW's singular values over their sum; 0 for ΔW = 0.</param>
/// <param name="Attention">How much of the softmax falls on the demonstrations, in [0, 1].</param>
/// <param name="OutputShare">The demonstrations' part of the head's output, along that output: with the other tokens' share it makes 1, and it may leave [0, 1] where the two pull apart.</param>
/// <param name="LinearError">‖linear − model‖ / ‖model‖ of the demonstrations' part of the head's output.</param>
/// <param name="LinearCosine">Cosine between the two.</param>
public sealed record HeadTrace(int Head, double UpdateNorm, double EffectiveRank, double Attention, double OutputShare, double LinearError, double LinearCosine);
