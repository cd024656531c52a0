namespace Eckart.Theory;

/// <summary>Attention followed by an MLP inside one residual: ĥ = h + W_out·relu(W_in·(attention)), and the relaxation without relu that the paper goes on with.</summary>
/// <param name="Input">W_in, (n, m).</param>
/// <param name="Output">W_out, (D, n).</param>
/// <remarks><b>Source</b>: the paper, A.3. Its Example 4 truncates the product W_MLP; the published code truncates W_in and W_out each, which is another matrix.</remarks>
public sealed record MlpForm(RealMatrix Input, RealMatrix Output)
{
    /// <summary>W_MLP = W_out·W_in, (D, m).</summary>
    public RealMatrix Product => Output * Input;

    /// <summary>The layer itself, relu included.</summary>
    /// <param name="weights">W_V, (m, D), and W_K and W_Q.</param>
    /// <param name="context">The tokens before it.</param>
    /// <returns>The test token after it, D numbers.</returns>
    public double[] Attend(AttentionWeights weights, TokenContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var read = ImplicitGradient.Of(weights, context.Demonstrations) * context.Test;
        return (context.Test + (Output * (Input * read).Map(value => Math.Max(0, value)))).Column(0);
    }

    /// <summary>ΔW''_icl = W_MLP·(Σᵢ W_V·hᵢ ⊗ W_K·hᵢ)·W_Q, without relu.</summary>
    /// <param name="weights">W_V, (m, D), and W_K and W_Q.</param>
    /// <param name="demonstrations">H_s, (D, N).</param>
    /// <returns>(D, D).</returns>
    public RealMatrix RelaxedUpdate(AttentionWeights weights, RealMatrix demonstrations) => Product * ImplicitGradient.Of(weights, demonstrations);
}
