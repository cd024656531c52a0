namespace Eckart.Theory;

/// <summary>What stands for ‖G_t − g̃_t‖² in a bound, largest first: each is valid, and each below the one before.</summary>
public enum BoundForm
{
    /// <summary>‖ΔW_t‖_F²·‖I + W_{t−1}‖_F²: Theorem 2 as the paper has it.</summary>
    Printed,

    /// <summary>‖ΔW_t‖_F²·‖I + W_{t−1}‖₂²: up to D times less at the first layer.</summary>
    Spectral,

    /// <summary>‖G_t‖_F²: Lemma 6 at g̃_t = 0.</summary>
    Gradient,

    /// <summary>‖G_t − E G_t‖_F²: Lemma 6 at the best g̃_t, the mean over prompts.</summary>
    Centred,
}
