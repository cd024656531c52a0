using System.Collections.Immutable;
using Eckart.Formats;

namespace Eckart.Theory;

/// <summary>C_t: the covariance of the mean gradient of b demonstrations drawn without replacement from N.</summary>
/// <remarks><b>Source</b>: the paper, Assumption 1 and Remark 3; exact, by enumeration. Its d × d matrix is never made: K = (N − b)/(b(N − 1))·(1/N)·J·Γ·J is (N, N) and has the same non-zero eigenvalues.
/// At most N − 1 of them are not zero, so that C_t is never positive definite where N − 1 &lt; d, and log det C_t is −∞ there: <see cref="LogDeterminant"/> takes an ε.</remarks>
public sealed record SubsetCovariance
{
    private static readonly double Unsure = Math.Pow(2, -48);

    private SubsetCovariance(long dimension, double trace, ImmutableArray<double> eigenvalues) => (Dimension, Trace, Eigenvalues) = (dimension, trace, eigenvalues);

    /// <summary>d.</summary>
    public long Dimension { get; }

    /// <summary>tr C_t.</summary>
    public double Trace { get; }

    /// <summary>min(N, d) eigenvalues, descending; all others are 0, and so are those below N·2⁻⁴⁸ of the largest, which rounding of Γ cannot tell from it.</summary>
    public ImmutableArray<double> Eigenvalues { get; }

    /// <summary>Eigenvalues that are not 0.</summary>
    public int Rank => Eigenvalues.Count(value => value > 0);

    /// <summary>(N − b)/(b(N − 1)), which the covariance of one demonstration's gradient is multiplied with.</summary>
    /// <param name="demonstrations">N, at least two.</param>
    /// <param name="given">b from 1 to N.</param>
    /// <exception cref="InputException">A number outside that.</exception>
    public static double Factor(int demonstrations, int given)
    {
        if (demonstrations < 2) throw new InputException("demonstrations", $"expected N of at least 2, as C_t divides by N − 1, found {demonstrations}", "give more demonstrations");
        if (given < 1 || given > demonstrations) throw new InputException("demonstrations given", $"expected b from 1 to N = {demonstrations}, found {given}", "give some of them, or all");
        return (double)(demonstrations - given) / ((double)given * (demonstrations - 1));
    }

    /// <summary>C_t of some gradients.</summary>
    /// <param name="gradients">Of N demonstrations.</param>
    /// <param name="given">b.</param>
    /// <param name="dimension">d, where the gradients are given up to an isometry, as vectors of fewer numbers with the same inner products; null for their own.</param>
    /// <exception cref="InputException">N is 1, or b is not from 1 to N.</exception>
    public static SubsetCovariance Of(GradientFactors gradients, int given, long? dimension = null)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        var n = gradients.Count;
        var factor = Factor(n, given);
        var centring = RealMatrix.Of(n, n, (i, j) => (i == j ? 1 : 0) - (1.0 / n));
        var kernel = factor / n * (centring * gradients.Gram() * centring);
        var d = dimension ?? gradients.Dimension;
        var values = SingularDecomposition.Of(kernel).Values;
        return new SubsetCovariance(d, kernel.Trace, [.. values.Take((int)Math.Min(n, d)).Select(value => value > n * Unsure * values[0] ? value : 0)]);
    }

    /// <summary>log det(C_t + ε·I) = (d − N)·log ε + Σ log(λ_k + ε).</summary>
    /// <param name="epsilon">ε above 0.</param>
    /// <exception cref="InputException">ε is not above 0.</exception>
    public double LogDeterminant(double epsilon) => ((Dimension - Eigenvalues.Length) * Math.Log(Checked(epsilon))) + Eigenvalues.Sum(value => Math.Log(value + epsilon));

    /// <summary>tr(C_t + ε·I) = tr C_t + d·ε.</summary>
    /// <param name="epsilon">ε above 0.</param>
    /// <exception cref="InputException">ε is not above 0.</exception>
    public double TraceWith(double epsilon) => Trace + (Dimension * Checked(epsilon));

    private static double Checked(double epsilon) => double.IsFinite(epsilon) && epsilon > 0 ? epsilon
        : throw new InputException("epsilon", FormattableString.Invariant($"expected a number above 0, as log det C_t is −∞ at 0, found {epsilon}"), "give one such as 1e-3, and compare bounds of one ε only");
}
