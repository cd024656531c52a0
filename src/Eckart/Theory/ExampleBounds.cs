namespace Eckart.Theory;

/// <summary>Examples 1 to 4: upper bounds of ‖ΔW‖_F that truncation lowers.</summary>
/// <remarks><b>Source</b>: the paper, Section 3.3 and A.6, Eq. (18) to (21). <b>Deviation</b>: as printed, UB lacks a factor N and is no upper bound of ‖ΔW‖_F² (two equal demonstrations double ΔW and quadruple its square).</remarks>
public static class ExampleBounds
{
    /// <summary>UB(‖ΔW‖_F²) := Σᵢ‖W_V·hᵢ ⊗ W_K·hᵢ‖_F²·‖W_Q‖_F², as printed.</summary>
    /// <param name="weights">Of the layer.</param>
    /// <param name="demonstrations">H_s, (D, N).</param>
    public static double Printed(AttentionWeights weights, RealMatrix demonstrations) => Products(weights, demonstrations).Sum(product => product * product) * weights.Query.SquaredNorm;

    /// <summary>N·UB ≥ ‖ΔW‖_F², by Cauchy and Schwarz.</summary>
    /// <inheritdoc cref="Printed"/>
    public static double Corrected(AttentionWeights weights, RealMatrix demonstrations)
    {
        ArgumentNullException.ThrowIfNull(demonstrations);
        return demonstrations.Columns * Printed(weights, demonstrations);
    }

    /// <summary>(Σᵢ‖W_V·hᵢ‖·‖W_K·hᵢ‖)·‖W_Q‖_F ≥ ‖ΔW‖_F: the triangle inequality alone, tighter than the root of N·UB.</summary>
    /// <inheritdoc cref="Printed"/>
    public static double OfNorm(AttentionWeights weights, RealMatrix demonstrations) => Products(weights, demonstrations).Sum() * weights.Query.Norm;

    /// <summary>Eq. (20): ‖z·W_r‖_F + ‖z·δ‖_F ≥ ‖z·W‖_F, for a matrix on the right that is cut to a rank (Example 2: z = Σ W_V·hᵢ ⊗ W_K·hᵢ, W = W_Q).</summary>
    /// <param name="left">z.</param>
    /// <param name="right">W.</param>
    /// <param name="rank">r.</param>
    public static double SplitOnTheRight(RealMatrix left, RealMatrix right, int rank)
    {
        var decomposition = SingularDecomposition.Of(right);
        return (left * decomposition.Truncated(rank)).Norm + (left * decomposition.Removed(rank)).Norm;
    }

    /// <summary>The same for a matrix on the left (Example 4: W = W_MLP, z = (Σ W_V·hᵢ ⊗ W_K·hᵢ)·W_Q).</summary>
    /// <param name="left">W.</param>
    /// <param name="right">z.</param>
    /// <param name="rank">r.</param>
    public static double SplitOnTheLeft(RealMatrix left, RealMatrix right, int rank)
    {
        var decomposition = SingularDecomposition.Of(left);
        return (decomposition.Truncated(rank) * right).Norm + (decomposition.Removed(rank) * right).Norm;
    }

    // ‖a ⊗ b‖_F = ‖a‖·‖b‖, Eq. (18).
    private static double[] Products(AttentionWeights weights, RealMatrix demonstrations)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var (values, keys) = ((weights.Value * demonstrations).Transposed, (weights.Key * demonstrations).Transposed);
        return [.. Enumerable.Range(0, values.Rows).Select(i => Math.Sqrt(RealMatrix.Dot(values.Row(i), values.Row(i)) * RealMatrix.Dot(keys.Row(i), keys.Row(i))))];
    }
}
