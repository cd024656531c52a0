namespace Eckart.Pruning;

/// <summary>What ranks layers: the paper's condition number, or another measure of how spread a spectrum is.</summary>
/// <remarks>Source: the paper, Section 3.4: "any indicator that can guide the control of norms is a potential option".</remarks>
public enum Indicator
{
    /// <summary>σ₁/σ_min; infinite where σ_min is 0.</summary>
    Condition,

    /// <summary>σ₁.</summary>
    Largest,

    /// <summary>Minus the stable rank: few directions carry the norm.</summary>
    StableRank,

    /// <summary>Minus the effective rank.</summary>
    EffectiveRank,
}
