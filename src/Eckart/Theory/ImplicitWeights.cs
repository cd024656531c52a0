using Eckart.Formats;
using Eckart.Pruning;
using static TorchSharp.torch;

namespace Eckart.Theory;

/// <summary>I + W_t as I + Σ a ⊗ c, a few columns a layer: Theorem 1 for tokens of thousands of numbers, where no (D, D) product a demonstration can be afforded.</summary>
/// <remarks>A derivation of its own, which tests hold against <see cref="Trajectory"/>; <c>theory bound</c>, which has a real model's heads and norms, does not use it. Grows by a layer at a time. For K columns so far and M new ones a layer costs O(D·K·M), and the spectral norm O(D·K²) for an orthogonal basis of the columns, or the (D, D) matrix itself where that is smaller.</remarks>
public sealed class ImplicitWeights
{
    private readonly int size;
    private RealMatrix? left;       // a of all layers so far
    private RealMatrix? right;      // c

    /// <summary>I + W_0 = I.</summary>
    /// <param name="size">D.</param>
    /// <exception cref="InputException">D is below 1.</exception>
    public ImplicitWeights(int size) => (this.size, SquaredNorm) = size >= 1 ? (size, size) : throw new InputException("token", $"expected at least one number, found {size}", "give hidden states");

    /// <summary>‖I + W_t‖_F².</summary>
    public double SquaredNorm { get; private set; }

    /// <summary>‖I + W_t‖₂².</summary>
    public double SpectralSquared
    {
        get
        {
            if (left is null) return 1;
            using var gradients = no_grad();
            using var scope = NewDisposeScope();
            var (a, c) = (Tensor(left), Tensor(right!));
            var whole = 2 * left.Columns >= size;
            var largest = SingularValues.Of(whole ? eye(size, dtype: float64) + a.mm(c.t()) : Core(a, c))[0];
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
        var gradients = left is null ? update : new GradientFactors(values, keys + (right! * (left.Transposed * keys)), owners);
        var term = new BoundTerm(update.SquaredNorm, SquaredNorm, SpectralSquared, gradients, SubsetCovariance.Of(gradients, given));
        Take(gradients);
        return term;
    }

    // ‖I + W + G‖² = ‖I + W‖² + 2·⟨I + W, G⟩ + ‖G‖², where ⟨I, G⟩ = Σ a·c.
    private void Take(GradientFactors gradients)
    {
        var across = RealMatrix.Inner(gradients.Left, gradients.Right);
        if (left is not null) across += RealMatrix.Inner(left.Transposed * gradients.Left, right!.Transposed * gradients.Right);
        SquaredNorm += (2 * across) + gradients.SquaredNorm;
        (left, right) = left is null ? (gradients.Left, gradients.Right) : (left.Beside(gradients.Left), right!.Beside(gradients.Right));
    }

    // With an orthonormal basis B of all columns, Bᵀ·(I + Σ a ⊗ c)·B has the norm that I + Σ a ⊗ c has on their span, which it keeps.
    private static Tensor Core(Tensor a, Tensor c)
    {
        var (_, triangle) = linalg.qr(cat([a, c], 1), linalg.QRMode.R);
        var columns = a.shape[1];
        return eye(2 * columns, dtype: float64) + triangle.narrow(1, 0, columns).mm(triangle.narrow(1, columns, columns).t());
    }

    private static Tensor Tensor(RealMatrix matrix) => tensor(matrix.Values.ToArray(), [matrix.Rows, matrix.Columns], float64);
}
