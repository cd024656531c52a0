using Eckart.Formats;

namespace Eckart.Theory;

/// <summary>The implicit gradients of N demonstrations as outer products: gᵢ = N·Σ_m a_m ⊗ c_m over the columns m that belong to demonstration i, so that their mean is G = Σ_m a_m ⊗ c_m.</summary>
/// <remarks>No (D, D) matrix is made: everything that the bound takes of gradients are inner products, ⟨a ⊗ c, a' ⊗ c'⟩ = (a·a')(c·c'). A demonstration of several tokens, or heads, has a column for each.</remarks>
public sealed record GradientFactors
{
    private readonly int[] owners;

    /// <summary>One column a demonstration.</summary>
    /// <param name="left">a, (D, N).</param>
    /// <param name="right">c, (D', N).</param>
    /// <exception cref="InputException">Other than one c an a.</exception>
    public GradientFactors(RealMatrix left, RealMatrix right)
        : this(left, right, [.. Enumerable.Range(0, left?.Columns ?? 0)])
    {
    }

    /// <summary>Several columns a demonstration.</summary>
    /// <param name="left">a, (D, M).</param>
    /// <param name="right">c, (D', M).</param>
    /// <param name="owners">M numbers: the demonstration, from 0, that a column belongs to. Every demonstration up to the largest has one at least.</param>
    /// <exception cref="InputException">Shapes that do not fit, or a demonstration without columns.</exception>
    public GradientFactors(RealMatrix left, RealMatrix right, IReadOnlyList<int> owners)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        ArgumentNullException.ThrowIfNull(owners);
        if (left.Columns != right.Columns || owners.Count != left.Columns)
            throw new InputException("gradient factors", $"expected a left, a right and an owner a column, found {left.Columns}, {right.Columns} and {owners.Count}", "give as many of each");
        (Left, Right, this.owners, Count) = (left, right, [.. owners], owners.Max() + 1);
        if (owners.Min() < 0 || owners.Distinct().Count() != Count)
            throw new InputException("gradient factors", $"expected a column of each of {Count} demonstrations, found {owners.Where(owner => owner >= 0).Distinct().Count()} with one", "number demonstrations from 0 without gaps");
    }

    /// <summary>a.</summary>
    public RealMatrix Left { get; }

    /// <summary>c.</summary>
    public RealMatrix Right { get; }

    /// <summary>N.</summary>
    public int Count { get; }

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
    public RealMatrix Gram()
    {
        var products = RealMatrix.Hadamard(Left.Transposed * Left, Right.Transposed * Right);
        var gram = new double[Count * Count];
        for (var i = 0; i < owners.Length; i++)
            for (var j = 0; j < owners.Length; j++) gram[(owners[i] * Count) + owners[j]] += (double)Count * Count * products[i, j];
        return RealMatrix.Of(Count, Count, gram);
    }

    /// <summary>gᵢ itself, (D, D').</summary>
    /// <param name="demonstration">i from 0.</param>
    public RealMatrix Gradient(int demonstration)
    {
        int[] columns = [.. Enumerable.Range(0, owners.Length).Where(column => owners[column] == demonstration)];
        return Count * (Left.Select(columns) * Right.Select(columns).Transposed);
    }
}
