namespace Eckart.Theory.Tracing;

/// <summary>What takes the place of the softmax where attention is written as a matrix ΔW: the factor of every score.</summary>
public enum LinearForm
{
    /// <summary>1 / (T √D) for a prompt of T tokens: the part of the softmax that is linear in the scores, which at equal scores is exp(s) / Σ exp(s) ≈ (1 + s − s̄) / T.</summary>
    Tokens,

    /// <summary>1: softmax and scale left out, as in Eq. (3) of the paper.</summary>
    Paper,
}
