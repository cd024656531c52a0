using static TorchSharp.torch;

namespace Eckart.Theory.Tracing;

/// <summary>M of each of N demonstrations as M_i = L_iᵀ R_i, with no more rows than the longest demonstration has tokens, or than a head has numbers where those are fewer.</summary>
/// <param name="Left">(K, N, t, D): the values of a demonstration's tokens, above rows of zeros; or M_iᵀ.</param>
/// <param name="Right">(K, N, t, D): their keys as the linear form takes them, likewise; or the identity.</param>
internal sealed record MiddleFactors(Tensor Left, Tensor Right)
{
    /// <summary>N.</summary>
    public int Count => (int)Left.shape[1];

    /// <summary>Those of a prompt's demonstrations.</summary>
    /// <param name="attention">At the query.</param>
    /// <param name="prompt">Says which tokens are whose.</param>
    /// <param name="form">Of the softmax.</param>
    /// <returns>Its tensors, and what was made on the way, belong to the caller's dispose scope.</returns>
    public static MiddleFactors Of(QueryAttention attention, TracedPrompt prompt, LinearForm form)
    {
        (int Start, int Count)[] demonstrations = [.. Enumerable.Range(0, prompt.Demonstrations).Select(prompt.TokensOf)];
        var (groups, size, longest) = (attention.Values.shape[0], attention.Values.shape[2], demonstrations.Max(one => one.Count));
        if (longest > size) return OfMatrices(stack([.. demonstrations.Select(tokens => LayerGradient.MiddleOf(attention, tokens, form))], 1));
        var keys = LayerGradient.KeysOf(attention, form);
        return new MiddleFactors(Padded(attention.Values), Padded(keys));

        Tensor Padded(Tensor tokens)
        {
            var padded = zeros([groups, demonstrations.Length, longest, size], float64);
            foreach (var (one, (start, count)) in demonstrations.Index()) padded.select(1, one).narrow(1, 0, count).copy_(tokens.narrow(1, start, count));
            return padded;
        }
    }

    /// <summary>Those of matrices that are at hand.</summary>
    /// <param name="middles">(K, N, D, D).</param>
    /// <returns>Its tensors belong to the caller's dispose scope.</returns>
    public static MiddleFactors OfMatrices(Tensor middles) =>
        new(middles.transpose(2, 3).contiguous(), eye(middles.shape[3], dtype: float64).expand(middles.shape).contiguous());

    /// <summary>M itself.</summary>
    /// <returns>(K, N, D, D), fresh, in the caller's dispose scope.</returns>
    public Tensor Matrices() => Left.transpose(2, 3).matmul(Right);
}
