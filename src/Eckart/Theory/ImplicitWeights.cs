using Eckart.Formats;
using Eckart.Models;
using Eckart.Pruning;
using static TorchSharp.torch;

namespace Eckart.Theory;

/// <summary>I + W_t as I + Σ a ⊗ c, a few columns a layer: Theorem 1 for tokens of thousands of numbers, where no (D, D) product a demonstration can be afforded.</summary>
/// <remarks>Grows by a layer at a time. Costs O(D·M²) a layer for M columns so far; the spectral norm takes one orthogonal basis of them, or the (D, D) matrix itself where that is smaller.</remarks>
public sealed class ImplicitWeights
{
    private readonly int size;
    private RealMatrix? left;       // a of all layers so far
    private RealMatrix? right;      // c

    /// <summary>I + W_0 = I.</summary>
    /// <param name="size">D.</param>
    /// <exception cref="InputException">D is below 1.</exception>
    public ImplicitWeights(int size) => this.size = size >= 1 ? size : throw new InputException("token", $"expected at least one number, found {size}", "give hidden states");

    /// <summary>‖I + W_t‖_F².</summary>
    public double SquaredNorm => left is null ? size
        : size + (2 * RealMatrix.Inner(left, right!)) + RealMatrix.Inner(left.Transposed * left, right!.Transposed * right);

    /// <summary>‖I + W_t‖₂².</summary>
    public double SpectralSquared
    {
        get
        {
            if (left is null) return 1;
            var whole = 2 * left.Columns >= size;
            var largest = whole ? Largest(RealMatrix.Identity(size) + (left * right!.Transposed)) : Largest(Core(left, right!));
            return whole ? largest * largest : Math.Max(1, largest * largest);      // outside the columns' span it is the identity
        }
    }

    /// <summary>Takes the next layer: G_t = Σ a ⊗ (I + W_{t−1})ᵀ·q, and I + W_t = (I + Σ a ⊗ q)·(I + W_{t−1}).</summary>
    /// <param name="values">a, (D, M): what demonstrations write, W_V·h in the plain layer.</param>
    /// <param name="keys">q, (D, M): what the token is compared with, W_Qᵀ·W_K·h in the plain layer. ΔW_t = Σ a ⊗ q.</param>
    /// <param name="owners">M numbers: the demonstration, from 0, of a column.</param>
    /// <param name="given">b demonstrations of the N.</param>
    /// <returns>The layer's term in the bound.</returns>
    /// <exception cref="InputException">Shapes that do not fit, N is 1, or b is not from 1 to N.</exception>
    public BoundTerm Add(RealMatrix values, RealMatrix keys, IReadOnlyList<int> owners, int given)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(keys);
        if (values.Rows != size || keys.Rows != size)
            throw new InputException("layer", $"expected tokens of {size} numbers as in the layers before, found {values.Rows} and {keys.Rows}", "give the states of one model");
        var update = new GradientFactors(values, keys, owners);
        var (before, spectral) = (SquaredNorm, SpectralSquared);
        var gradients = left is null ? update : new GradientFactors(values, keys + (right! * (left.Transposed * keys)), owners);
        var term = new BoundTerm(update.SquaredNorm, before, spectral, gradients, SubsetCovariance.Of(gradients, given));
        (left, right) = left is null ? (gradients.Left, gradients.Right) : (left.Beside(gradients.Left), right!.Beside(gradients.Right));
        return term;
    }

    // With an orthonormal basis B of all columns, Bᵀ·(I + Σ a ⊗ c)·B has the norm that I + Σ a ⊗ c has on their span, which it keeps.
    private static RealMatrix Core(RealMatrix left, RealMatrix right)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var (_, upper) = linalg.qr(Tensor(left.Beside(right)), linalg.QRMode.R);
        var triangle = TensorMemory.ValuesOf<double>(upper.contiguous());
        var basis = RealMatrix.Of(2 * left.Columns, 2 * left.Columns, triangle);
        int[] columns = [.. Enumerable.Range(0, left.Columns)];
        return RealMatrix.Identity(basis.Rows) + (basis.Select(columns) * basis.Select([.. columns.Select(column => column + left.Columns)]).Transposed);
    }

    private static double Largest(RealMatrix matrix)
    {
        using var scope = NewDisposeScope();
        return SingularValues.Of(Tensor(matrix))[0];
    }

    private static Tensor Tensor(RealMatrix matrix) => tensor(matrix.Values.ToArray(), [matrix.Rows, matrix.Columns], float64);
}
