using static TorchSharp.torch;

namespace Eckart.Pruning;

/// <summary>The factors of one matrix W, from which every rate is a slice: its truncation to rank r is <c>Left[:, :r] · Right[:r, :]</c>.</summary>
/// <remarks>Source: Eckart and Young 1936: the leading terms are the best approximation of their rank in Frobenius norm.</remarks>
public sealed class SpectralFactors : IDisposable
{
    private SpectralFactors(Tensor left, Tensor right) => (Left, Right) = (left, right);

    /// <summary>(m, k), float32 on the CPU, contiguous: U where m ≤ n, else UΣ. Owned by this.</summary>
    public Tensor Left { get; }

    /// <summary>(k, n), float32 on the CPU, contiguous: ΣVᵀ where m ≤ n, else Vᵀ. Owned by this.</summary>
    public Tensor Right { get; }

    /// <summary>Decomposes a matrix exactly.</summary>
    /// <param name="weight">(m, n), any float dtype, finite; read only, still the caller's.</param>
    /// <returns>All min(m, n) terms, largest first; the caller disposes them. O(mn·min(m, n)).</returns>
    /// <exception cref="ArgumentException">Not a matrix.</exception>
    /// <remarks>From the eigenvectors of the smaller float64 Gram matrix, at any condition number. Squaring mixes only directions whose singular values
    /// lie below about 1e-8·σ₁; all that they carry is less than a float32 digit of the matrix, and full rank gives the matrix itself, as a projection onto
    /// an orthonormal basis does.</remarks>
    public static SpectralFactors Of(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        if (weight.dim() != 2) throw new ArgumentException($"Expected a matrix (m, n), got shape ({string.Join(", ", weight.shape)}).", nameof(weight));
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var wide = weight.to(float64, CPU);
        var lying = wide.shape[0] <= wide.shape[1];
        var basis = linalg.eigh(lying ? wide.mm(wide.t()) : wide.t().mm(wide)).Item2.flip(1);     // (k, k); its order is ascending
        return lying
            ? FromParts(Single(basis), Single(basis.t().mm(wide)))
            : FromParts(Single(wide.mm(basis)), Single(basis.t()));
    }

    /// <summary>Wraps factors that are known already, and owns them from then on.</summary>
    /// <param name="left">(m, k), float32 on the CPU, contiguous.</param>
    /// <param name="right">(k, n), likewise.</param>
    /// <exception cref="ArgumentException">Other tensors than these; they are still the caller's.</exception>
    public static SpectralFactors FromParts(Tensor left, Tensor right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        Check(left, nameof(left));
        Check(right, nameof(right));
        return left.shape[1] == right.shape[0] ? new SpectralFactors(left.DetachFromDisposeScope(), right.DetachFromDisposeScope())
            : throw new ArgumentException($"Expected {left.shape[1]} rows, as many as the left factor has columns; got {right.shape[0]}.", nameof(right));
    }

    /// <summary>Approximation of the matrix by its leading terms.</summary>
    /// <param name="rank">1 … k.</param>
    /// <returns>(m, n), float32 on the CPU, fresh, in the caller's dispose scope.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer terms.</exception>
    public Tensor Truncate(int rank)
    {
        if (rank < 1 || rank > Left.shape[1]) throw new ArgumentOutOfRangeException(nameof(rank), rank, $"Expected a rank from 1 to {Left.shape[1]}.");
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        return Left.narrow(1, 0, rank).mm(Right.narrow(0, 0, rank)).MoveToOuterDisposeScope();       // (m, r) (r, n)
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Left.Dispose();
        Right.Dispose();
    }

    private static Tensor Single(Tensor matrix) => matrix.to(float32).contiguous();

    private static void Check(Tensor factor, string name)
    {
        if (factor.dim() != 2 || factor.dtype != float32 || factor.device_type != TorchSharp.DeviceType.CPU || !factor.is_contiguous())
            throw new ArgumentException($"Expected a contiguous float32 matrix on the CPU, got {factor.dtype} ({string.Join(", ", factor.shape)}) on {factor.device_type}.", name);
    }
}
