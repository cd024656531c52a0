namespace Eckart.Theory;

/// <summary>Eq. (16) and (17): the divergence of a noisy gradient N(G, C) from a prior N(g̃, σ²·I).</summary>
/// <param name="Dimension">d.</param>
/// <param name="SquaredDistance">‖G − g̃‖².</param>
/// <param name="Trace">tr C.</param>
/// <param name="LogDeterminant">tr log C = log det C.</param>
/// <remarks><b>Source</b>: the paper, A.5.</remarks>
public sealed record GaussianDivergence(long Dimension, double SquaredDistance, double Trace, double LogDeterminant)
{
    /// <summary>D_KL = ½·[(‖G − g̃‖² + tr C)/σ² + d·log σ² − d − tr log C].</summary>
    /// <param name="variance">σ².</param>
    public double At(double variance) => (((SquaredDistance + Trace) / variance) + (Dimension * Math.Log(variance)) - Dimension - LogDeterminant) / 2;

    /// <summary>σ*² = A₁/d.</summary>
    public double BestVariance => (SquaredDistance + Trace) / Dimension;

    /// <summary>½·d·log(A₁/d) − ½·A₂: the divergence at σ*².</summary>
    public double Least => ((Dimension * Math.Log(BestVariance)) - LogDeterminant) / 2;
}
