using Eckart.Formats;

namespace Eckart.Theory;

/// <summary>Case 1: W·x = b where b = l₁·x₁ + l₂·x₂ in unit eigenvectors of W with eigenvalues λ₁ and λ₂, λ₁ far above λ₂.</summary>
/// <param name="First">λ₁, not 0.</param>
/// <param name="Second">λ₂, not 0.</param>
/// <remarks><b>Source</b>: the paper, Section 3.4 and footnote 8.</remarks>
public sealed record IllConditioning(double First, double Second)
{
    /// <summary>x = (l₁/λ₁)·x₁ + (l₂/λ₂)·x₂: what stands along the small eigenvalue grows by 1/λ₂.</summary>
    /// <param name="first">l₁.</param>
    /// <param name="second">l₂.</param>
    /// <returns>The coefficients along x₁ and x₂.</returns>
    /// <exception cref="InputException">An eigenvalue is 0: there is no x.</exception>
    public (double First, double Second) Solve(double first, double second) => First != 0 && Second != 0
        ? (first / First, second / Second)
        : throw new InputException("eigenvalues", "expected two that are not 0, found one that is", "truncate the matrix and solve in what is left");

    /// <summary>Cond₂ = σ₁/σ_r of a matrix cut to rank r; r = min(m, n) is the condition number of the whole, σ₁/σ_min.</summary>
    /// <param name="matrix">(m, n).</param>
    /// <param name="rank">r from 1.</param>
    /// <returns>Infinite where σ_r is 0.</returns>
    /// <remarks><b>Deviation</b>: by the definition itself a truncated matrix has an infinite condition number; what is left of it has this one.</remarks>
    public static double ConditionNumber(RealMatrix matrix, int rank)
    {
        var values = SingularDecomposition.Of(matrix).Values;
        return rank >= 1 && rank <= values.Count ? values[0] / values[rank - 1] : throw new InputException("rank", $"expected 1 to {values.Count}, found {rank}", "keep at least one singular value");
    }
}
