using static TorchSharp.torch;

namespace Eckart.Pruning;

/// <summary>The singular value decomposition of one matrix, from which every rate is a slice.</summary>
/// <remarks>Source: Eckart and Young 1936: the leading terms are the best approximation of their rank in Frobenius norm.</remarks>
public sealed class SpectralFactors : IDisposable
{
    private readonly Tensor left;       // U (m, k)
    private readonly Tensor values;     // Σ (k), descending
    private readonly Tensor right;      // Vᵀ (k, n)

    private SpectralFactors(Tensor left, Tensor values, Tensor right) => (this.left, this.values, this.right) = (left, values, right);

    /// <summary>Decomposes a matrix exactly.</summary>
    /// <param name="weight">(m, n), any float dtype, finite; read only, still the caller's.</param>
    /// <returns>Factors in float32 on the CPU; the caller disposes them. O(mn·min(m, n)).</returns>
    /// <exception cref="ArgumentException">Not a matrix.</exception>
    public static SpectralFactors Of(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        if (weight.dim() != 2) throw new ArgumentException($"Expected a matrix (m, n), got shape ({string.Join(", ", weight.shape)}).", nameof(weight));
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var (u, s, vh) = linalg.svd(weight.to(float32, CPU), fullMatrices: false);
        return new SpectralFactors(u.DetachFromDisposeScope(), s.DetachFromDisposeScope(), vh.DetachFromDisposeScope());
    }

    /// <summary>Best approximation of the matrix by one of the rank given.</summary>
    /// <param name="rank">1 … min(m, n).</param>
    /// <returns>(m, n), float32 on the CPU, fresh, in the caller's dispose scope.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The matrix has no such rank.</exception>
    public Tensor Truncate(int rank)
    {
        if (rank < 1 || rank > values.shape[0]) throw new ArgumentOutOfRangeException(nameof(rank), rank, $"Expected a rank from 1 to {values.shape[0]}.");
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var scaled = left.narrow(1, 0, rank).mul(values.narrow(0, 0, rank));         // (m, r)
        return scaled.mm(right.narrow(0, 0, rank)).MoveToOuterDisposeScope();        // (m, r) (r, n)
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        left.Dispose();
        values.Dispose();
        right.Dispose();
    }
}
