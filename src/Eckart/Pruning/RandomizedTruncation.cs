using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Pruning;

/// <summary>The truncation of the authors' code: a randomised range finder with two power iterations and no oversampling, seeded here.</summary>
/// <remarks>Source: Halko, Martinsson and Tropp 2011, Algorithm 4.4, as <c>torch.svd_lowrank(W, q=rank, niter=2)</c> has it.
/// Deviation: the published code draws from an unseeded generator. Not the best approximation on flat spectra.</remarks>
public static class RandomizedTruncation
{
    private const int PowerIterations = 2;

    /// <summary>Approximates a matrix by one of the rank given.</summary>
    /// <param name="weight">(m, n), any float dtype, finite; read only, still the caller's.</param>
    /// <param name="rank">1 … min(m, n).</param>
    /// <param name="seed">Of the random subspace.</param>
    /// <returns>(m, n), float32 on the CPU, fresh, in the caller's dispose scope.</returns>
    /// <exception cref="ArgumentException">Not a matrix, or it has no such rank.</exception>
    public static Tensor Truncate(Tensor weight, int rank, long seed)
    {
        using var factors = Factors(weight, rank, seed);
        return factors.Truncate(rank);
    }

    /// <summary>The same approximation as the product of two factors.</summary>
    /// <param name="weight">(m, n), any float dtype, finite; read only, still the caller's.</param>
    /// <param name="rank">1 … min(m, n).</param>
    /// <param name="seed">Of the random subspace.</param>
    /// <returns>Left WB (m, r) and right Bᵀ (r, n), B an orthonormal basis of the subspace; the caller disposes them. They serve their whole rank only:
    /// B's columns are in no order, and each rank has a subspace of its own.</returns>
    /// <exception cref="ArgumentException">Not a matrix, or it has no such rank.</exception>
    public static SpectralFactors Factors(Tensor weight, int rank, long seed)
    {
        ArgumentNullException.ThrowIfNull(weight);
        if (weight.dim() != 2) throw new ArgumentException($"Expected a matrix (m, n), got shape ({string.Join(", ", weight.shape)}).", nameof(weight));
        if (rank < 1 || rank > weight.shape.Min()) throw new ArgumentOutOfRangeException(nameof(rank), rank, $"Expected a rank from 1 to {weight.shape.Min()}.");
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var wide = weight.to(float32, CPU);
        using var generator = new Generator((ulong)seed, CPU);
        var basis = Orthonormal(wide.t().mm(randn(wide.shape[0], rank, generator: generator)));     // (n, r): rows of the weight
        for (var i = 0; i < PowerIterations; i++)
            basis = Orthonormal(wide.t().mm(Orthonormal(wide.mm(basis))));

        // Within the basis no smaller rank is taken, so the truncated SVD is the projection itself.
        return SpectralFactors.FromParts(wide.mm(basis).contiguous(), basis.t().contiguous());
    }

    /// <summary>The seed of a subspace of its own for every matrix and rank, whatever was truncated before.</summary>
    internal static long SeedOf(long seed, WeightSite site, int rank) =>
        unchecked((((((seed * 1_000_003) + site.Layer) * 1_000_003) + (int)site.Projection) * 1_000_003) + rank);

    private static Tensor Orthonormal(Tensor columns) => linalg.qr(columns).Q;
}
