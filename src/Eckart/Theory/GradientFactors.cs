using Eckart.Formats;

namespace Eckart.Theory;

/// <summary>The implicit gradients of N demonstrations as outer products: gᵢ = N·aᵢ ⊗ cᵢ, so that their mean is G = Σᵢ aᵢ ⊗ cᵢ.</summary>
/// <remarks>No (D, D) matrix is made: everything that the bound takes of gradients are inner products, ⟨a ⊗ c, a' ⊗ c'⟩ = (a·a')(c·c').</remarks>
public sealed record GradientFactors
{
    /// <summary>A column a demonstration.</summary>
    /// <param name="left">a, (D, N).</param>
    /// <param name="right">c, (D', N).</param>
    /// <exception cref="InputException">Other than one c an a.</exception>
    public GradientFactors(RealMatrix left, RealMatrix right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (left.Columns != right.Columns)
            throw new InputException("gradient factors", $"expected a left and a right column a demonstration, found {left.Columns} and {right.Columns}", "give as many of each");
        (Left, Right) = (left, right);
    }

    /// <summary>a.</summary>
    public RealMatrix Left { get; }

    /// <summary>c.</summary>
    public RealMatrix Right { get; }

    /// <summary>N.</summary>
    public int Count => Left.Columns;

    /// <summary>d: numbers of a gradient.</summary>
    public long Dimension => (long)Left.Rows * Right.Rows;

    /// <summary>‖G‖_F².</summary>
    public double SquaredNorm => Inner(this);

    /// <summary>Those of a trajectory's layer: aᵢ = W_V·hᵢ and cᵢ = (I + W_{t−1})ᵀ·W_Qᵀ·W_K·hᵢ, whose mean is G_t.</summary>
    public static GradientFactors Of(TrajectoryStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var right = step.Weights.Query.Transposed * (step.Weights.Key * step.Demonstrations);
        return new GradientFactors(step.Weights.Value * step.Demonstrations, right + (step.Before.Transposed * right));
    }

    /// <summary>⟨G, G'⟩.</summary>
    public double Inner(GradientFactors other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return RealMatrix.Hadamard(Left.Transposed * other.Left, Right.Transposed * other.Right).Values.ToArray().Sum();
    }

    /// <summary>Γ with Γᵢⱼ = ⟨gᵢ, gⱼ⟩.</summary>
    /// <returns>(N, N).</returns>
    public RealMatrix Gram() => (double)Count * Count * RealMatrix.Hadamard(Left.Transposed * Left, Right.Transposed * Right);

    /// <summary>gᵢ itself, (D, D').</summary>
    /// <param name="demonstration">i from 0.</param>
    public RealMatrix Gradient(int demonstration) => Count * (Left.Select([demonstration]) * Right.Select([demonstration]).Transposed);
}
