namespace Eckart.Theory;

/// <summary>Lemma 1: one linear attention layer changes the test token as one step of gradient descent on the demonstrations would, ĥ = (I + ΔW_icl)·h.</summary>
/// <remarks><b>Source</b>: the paper, Lemma 1 and A.1. The three forms of ΔW_icl agree to rounding; each is kept, because each says another thing.</remarks>
public static class ImplicitGradient
{
    /// <summary>W_V·H_s·(W_K·H_s)ᵀ·W_Q: attention's own order of products.</summary>
    /// <param name="weights">Of the layer.</param>
    /// <param name="demonstrations">H_s, (D, N).</param>
    /// <returns>ΔW_icl, (D, D).</returns>
    public static RealMatrix Of(AttentionWeights weights, RealMatrix demonstrations)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return weights.Value * demonstrations * (weights.Key * demonstrations).Transposed * weights.Query;
    }

    /// <summary>(Σᵢ W_V·hᵢ ⊗ W_K·hᵢ)·W_Q: a step of gradient descent, an outer product a demonstration.</summary>
    /// <inheritdoc cref="Of"/>
    public static RealMatrix AsSumOfOuterProducts(AttentionWeights weights, RealMatrix demonstrations)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(demonstrations);
        var sum = RealMatrix.Zero(weights.Size, weights.Size);
        for (var i = 0; i < demonstrations.Columns; i++) sum += OuterProduct(weights, demonstrations.Column(i));
        return sum * weights.Query;
    }

    /// <summary>W_V·S·W_Kᵀ·W_Q with S = H_s·H_sᵀ: the demonstrations enter by their second moment alone.</summary>
    /// <inheritdoc cref="Of"/>
    public static RealMatrix FromMoment(AttentionWeights weights, RealMatrix demonstrations)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(demonstrations);
        return weights.Value * (demonstrations * demonstrations.Transposed) * weights.Key.Transposed * weights.Query;
    }

    /// <summary>The largest rank that ΔW_icl can have: that of H_s, at most N.</summary>
    public static int RankBound(RealMatrix demonstrations) => SingularDecomposition.Of(demonstrations).Rank;

    /// <summary>Remark 6: ΔW of all demonstrations less ΔW of the first N' of them.</summary>
    /// <param name="weights">Of the layer.</param>
    /// <param name="demonstrations">H_s, (D, N).</param>
    /// <param name="kept">N' ≤ N.</param>
    public static RealMatrix OfFurther(AttentionWeights weights, RealMatrix demonstrations, int kept)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(demonstrations);
        var sum = RealMatrix.Zero(weights.Size, weights.Size);
        for (var i = kept; i < demonstrations.Columns; i++) sum += OuterProduct(weights, demonstrations.Column(i));
        return sum * weights.Query;
    }

    /// <summary>Eq. (3): every token after the layer, H + W_V·H·M·(W_K·H)ᵀ·W_Q·H.</summary>
    /// <param name="weights">Of the layer.</param>
    /// <param name="context">The tokens before it.</param>
    /// <returns>(D, N + 1).</returns>
    public static RealMatrix Attend(AttentionWeights weights, TokenContext context)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(context);
        var tokens = context.Tokens;
        return tokens + (weights.Value * tokens * TokenContext.Mask(context.Count) * (weights.Key * tokens).Transposed * weights.Query * tokens);
    }

    /// <summary>The demonstrations after a layer in which each reads itself and those before it only, as in a causal language model.</summary>
    /// <param name="weights">Of the layer.</param>
    /// <param name="demonstrations">H_s, (D, N).</param>
    /// <returns>(D, N).</returns>
    public static RealMatrix AttendCausally(AttentionWeights weights, RealMatrix demonstrations)
    {
        ArgumentNullException.ThrowIfNull(demonstrations);
        return RealMatrix.OfColumns(Enumerable.Range(0, demonstrations.Columns).Select(i =>
        {
            var token = demonstrations.Select([i]);
            return (token + (Of(weights, demonstrations.First(i + 1)) * token)).Column(0);
        }));
    }

    private static RealMatrix OuterProduct(AttentionWeights weights, double[] token) => RealMatrix.Outer(weights.Value.Times(token), weights.Key.Times(token));
}
