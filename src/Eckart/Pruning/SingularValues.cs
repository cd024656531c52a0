using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Pruning;

/// <summary>Singular values alone, in float64.</summary>
public static class SingularValues
{
    /// <summary>Largest condition number for which the Gram form is exact enough: squaring costs half the digits.</summary>
    internal const double GramLimit = 1e5;

    /// <summary>All singular values of a matrix, descending.</summary>
    /// <param name="matrix">(m, n), at least (1, 1), any float dtype, finite; read only, still the caller's.</param>
    /// <returns>min(m, n) values.</returns>
    /// <exception cref="ArgumentException">Not a matrix.</exception>
    /// <remarks>From the eigenvalues of the smaller float64 Gram matrix where the condition number that they give is below 1e5, else from the
    /// float64 decomposition itself. Values below max(m, n)·2⁻⁵²·σ₁ cannot be told from zero and are given as 0, the tolerance of NumPy's <c>matrix_rank</c>.</remarks>
    public static double[] Of(Tensor matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.dim() != 2) throw new ArgumentException($"Expected a matrix (m, n), got shape ({string.Join(", ", matrix.shape)}).", nameof(matrix));
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var wide = matrix.to(float64, CPU);
        var values = OfGram(wide.shape[0] <= wide.shape[1] ? wide.mm(wide.t()) : wide.t().mm(wide));
        if (!(values[0] < values[^1] * GramLimit)) values = TensorMemory.ValuesOf<double>(linalg.svdvals(wide));
        var zero = Math.Max(matrix.shape[0], matrix.shape[1]) * Math.Pow(2, -52) * values[0];
        return Array.ConvertAll(values, value => value < zero ? 0 : value);
    }

    /// <summary>All singular values of a matrix A, descending, from the eigenvalues of A·Aᵀ: those below about 1e-8·σ₁ are rounding.</summary>
    /// <param name="gram">A·Aᵀ or Aᵀ·A, (k, k), float64 on the CPU, finite; read only, still the caller's.</param>
    /// <returns>k values; an eigenvalue that rounding left below 0 is given as 0.</returns>
    internal static double[] OfGram(Tensor gram)
    {
        var squares = TensorMemory.ValuesOf<double>(linalg.eigvalsh(gram));       // ascending
        Array.Reverse(squares);
        return Array.ConvertAll(squares, square => Math.Sqrt(Math.Max(0, square)));
    }
}
