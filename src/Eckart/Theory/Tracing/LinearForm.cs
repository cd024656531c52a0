namespace Eckart.Theory.Tracing;

/// <summary>What takes the place of the softmax where attention is written as a matrix ΔW.</summary>
public enum LinearForm
{
    /// <summary>The softmax over all T tokens to first order in the scores, exp(s) / Σ exp(s) ≈ (1 + s − s̄) / T: scores are divided by T √D, keys are taken about their mean, and the 1 is an offset beside ΔW.</summary>
    FirstOrder,

    /// <summary>Scores as they are, softmax and scale left out: Eq. (3) of the paper.</summary>
    Paper,
}
