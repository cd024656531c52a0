namespace Eckart.Theory;

/// <summary>Softmax attention as a kernel: ĥ = h + ΔW'·φ(W_Q·h), with its exact normaliser.</summary>
/// <remarks><b>Source</b>: the paper, A.2, Eq. (9) to (12), without the scale 1/√d as there. <b>Deviation</b>: keys index the rows of A_u, so the normaliser of a query is a sum over a column, not over
/// a row as Eq. (9) is printed. The test token's own weight is part of the normaliser although its value is masked, and ΔW' depends on the query through it.</remarks>
public static class SoftmaxAttention
{
    /// <summary>K(x, y) = exp(xᵀ·y), Eq. (10).</summary>
    public static double Kernel(ReadOnlySpan<double> x, ReadOnlySpan<double> y) => Math.Exp(RealMatrix.Dot(x, y));

    /// <summary>exp(−‖x − y‖²/2).</summary>
    public static double GaussianKernel(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var squared = 0.0;
        for (var i = 0; i < x.Length; i++) squared += (x[i] - y[i]) * (x[i] - y[i]);
        return Math.Exp(-squared / 2);
    }

    /// <summary>A_u: exp((W_K·hᵢ)ᵀ·W_Q·hⱼ), a row a key and a column a query.</summary>
    public static RealMatrix Unnormalised(AttentionWeights weights, TokenContext context)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(context);
        return ((weights.Key * context.Tokens).Transposed * (weights.Query * context.Tokens)).Map(Math.Exp);
    }

    /// <summary>D': the sum over all N + 1 keys for the test token's query.</summary>
    public static double Normaliser(AttentionWeights weights, TokenContext context) => Unnormalised(weights, context).Column(context.Count).Sum();

    /// <summary>Eq. (2): the test token after the layer, by softmax itself.</summary>
    /// <returns>D numbers.</returns>
    public static double[] Attend(AttentionWeights weights, TokenContext context)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(context);
        var scores = (weights.Key * context.Tokens).Transposed * (weights.Query * context.Test);
        var largest = scores.Values.ToArray().Max();
        var shares = scores.Map(score => Math.Exp(score - largest));
        var sum = shares.Values.ToArray().Sum();
        return (context.Test + (weights.Value * context.Tokens * TokenContext.Mask(context.Count) * shares.Map(share => share / sum))).Column(0);
    }

    /// <summary>Eq. (12): the test token after the layer as h + (1/D')·Σᵢ W_V·hᵢ·K(W_K·hᵢ, W_Q·h), the kernel in place of φᵀ·φ.</summary>
    /// <returns>D numbers.</returns>
    public static double[] ByKernel(AttentionWeights weights, TokenContext context)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(context);
        var query = weights.Query.Times(context.Test.Values);
        var after = context.Test;
        for (var i = 0; i < context.Count; i++)
        {
            var token = context.Demonstrations.Column(i);
            after += Kernel(weights.Key.Times(token), query) / Normaliser(weights, context) * RealMatrix.Of(weights.Size, 1, weights.Value.Times(token));
        }

        return after.Column(0);
    }

    /// <summary>ΔW'_icl = (1/D')·Σᵢ W_V·hᵢ ⊗ φ(W_K·hᵢ), with random features as φ and their own normaliser.</summary>
    /// <param name="weights">Of the layer.</param>
    /// <param name="context">The tokens before it.</param>
    /// <param name="features">φ.</param>
    /// <returns>(D, m): acts on φ(W_Q·h), not on h.</returns>
    public static RealMatrix Update(AttentionWeights weights, TokenContext context, PositiveFeatures features)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(features);
        var query = features.Of(weights.Query.Times(context.Test.Values));
        var keys = RealMatrix.OfColumns(Enumerable.Range(0, context.Count + 1).Select(i => features.Of((weights.Key * context.Tokens).Column(i))));
        var normaliser = keys.Transposed.Times(query).Sum();
        return 1 / normaliser * (weights.Value * context.Demonstrations * keys.First(context.Count).Transposed);
    }
}
