using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Theory.Tracing;

/// <summary>ΔW of one layer in factors: the sum over heads of W_O M W_Q, with M = c Σ v kᵀ over the demonstrations' tokens, and k turned relative to the query's position; to first order k is taken about its mean over all tokens, which no softmax sees.</summary>
/// <param name="Output">(C, H·D): W_O, float64.</param>
/// <param name="Middle">(K, D, D): M of each group of heads, which share keys and values.</param>
/// <param name="Offset">(K, D): what the linear form adds to each group of heads whatever the query is; 0 in the paper's.</param>
/// <param name="Query">(H·D, C): W_Q; where queries have a norm of their own, with the linear map in it that the norm is at this query.</param>
/// <remarks>
/// <b>Source</b>: Lemma 1 of arXiv:2406.03768, ΔW = (Σ W_V h ⊗ W_K h) W_Q, with the output matrix that the paper leaves out.
/// <b>Deviation</b>: a demonstration is several tokens, and its gradient is the sum over them; biases of keys and values are in v and k, that of the query is no part of a matrix.
/// A head's rank is at most D and its D × D core says everything about it, so no head is ever multiplied out.
/// </remarks>
internal sealed record LayerGradient(Tensor Output, Tensor Middle, Tensor Offset, Tensor Query)
{
    private int HeadSize => (int)Middle.shape[^1];

    private int Heads => (int)(Query.shape[0] / HeadSize);

    /// <summary>Whether all of it is; a sum says so, as float64 holds those of any float32 numbers.</summary>
    public bool IsFinite
    {
        get
        {
            using var scope = NewDisposeScope();
            return double.IsFinite(Output.sum().item<double>()) && double.IsFinite(Middle.sum().item<double>()) && double.IsFinite(Query.sum().item<double>());
        }
    }

    /// <summary>ΔW of some of a prompt's tokens.</summary>
    /// <param name="layer">With the weights in use.</param>
    /// <param name="attention">At the query.</param>
    /// <param name="tokens">The first of them, and how many.</param>
    /// <param name="form">Decides c.</param>
    /// <returns>Its tensors, and what was made on the way, belong to the caller's dispose scope.</returns>
    public static LayerGradient Of(DecoderLayer layer, QueryAttention attention, (int Start, int Count) tokens, LinearForm form) => new(
        Wide(layer.Projections[Projection.Output].Weight),
        MiddleOf(attention, tokens, form),
        OffsetOf(attention, tokens, form),
        QueryMatrix(layer, attention));

    /// <summary>M of some of a prompt's tokens.</summary>
    /// <param name="attention">At the query.</param>
    /// <param name="tokens">The first of them, and how many.</param>
    /// <param name="form">Decides c.</param>
    /// <returns>(K, D, D), with what was made on the way in the caller's dispose scope.</returns>
    public static Tensor MiddleOf(QueryAttention attention, (int Start, int Count) tokens, LinearForm form)
    {
        var keys = KeysOf(attention, form).narrow(1, tokens.Start, tokens.Count);
        return attention.Values.narrow(1, tokens.Start, tokens.Count).transpose(1, 2).bmm(keys);
    }

    /// <summary>c (k − k̄) of every token: M is the sum of v times it.</summary>
    /// <param name="attention">At the query.</param>
    /// <param name="form">Decides c and k̄.</param>
    /// <returns>(K, T, D), with what was made on the way in the caller's dispose scope.</returns>
    public static Tensor KeysOf(QueryAttention attention, LinearForm form) => form == LinearForm.Paper ? attention.Keys
        : attention.Keys.sub(attention.Keys.mean([1], keepdim: true)).div(tensor(attention.Values.shape[1] * Math.Sqrt(attention.Values.shape[2]), float64));

    /// <summary>M W_Q, all heads below one another: ΔW is W_O times it.</summary>
    /// <param name="workers">Heads at once.</param>
    /// <returns>(H·D, C), fresh, in the caller's dispose scope.</returns>
    public Tensor Inner(int workers)
    {
        var (inner, shared) = (empty(Query.shape, float64), Heads / Middle.shape[0]);
        Workers.Run(Heads, workers, head =>
        {
            using var gradients = no_grad();
            using var scope = NewDisposeScope();
            inner.narrow(0, head * HeadSize, HeadSize).addmm_(Middle[head / shared], Query.narrow(0, head * HeadSize, HeadSize), 0, 1);
        });
        return inner;
    }

    /// <summary>What the linear form of each head adds at a query: M times it, and the offset.</summary>
    /// <param name="query">(H, D), not rotated.</param>
    /// <returns>(H, D): before W_O; fresh, in the caller's dispose scope.</returns>
    public Tensor Applied(Tensor query)
    {
        using var scope = NewDisposeScope();
        return EachHead(Middle).bmm(query.unsqueeze(-1)).squeeze(-1).add(EachHead(Offset)).MoveToOuterDisposeScope();
    }

    /// <summary>W_O of each head, applied.</summary>
    /// <param name="heads">(H, D).</param>
    /// <returns>(H, C), fresh, in the caller's dispose scope.</returns>
    public Tensor Through(Tensor heads)
    {
        using var scope = NewDisposeScope();
        return OutputByHead().bmm(heads.unsqueeze(-1)).squeeze(-1).MoveToOuterDisposeScope();
    }

    /// <summary>The singular values of ΔW of each head.</summary>
    /// <returns>H rows of at most D, descending.</returns>
    /// <remarks>W_O M W_Q = Q₁ (R₁ M R₂ᵀ) Q₂ᵀ with orthonormal Q₁ and Q₂: those of a D × D matrix.</remarks>
    public double[][] HeadSpectra()
    {
        using var scope = NewDisposeScope();
        var left = linalg.qr(OutputByHead(), linalg.QRMode.R).R;                                                       // (H, D, D)
        var right = linalg.qr(Query.view(Heads, HeadSize, -1).transpose(1, 2).contiguous(), linalg.QRMode.R).R;        // (H, D, D)
        var values = linalg.svdvals(left.bmm(EachHead(Middle)).bmm(right.transpose(1, 2)));
        return [.. TensorMemory.ValuesOf<double>(values).Chunk((int)values.shape[1])];
    }

    private Tensor EachHead(Tensor groups) => groups.repeat_interleave(Heads / groups.shape[0], 0);

    private Tensor OutputByHead() => Output.view(Output.shape[0], Heads, HeadSize).transpose(0, 1).contiguous();     // (H, C, D)

    private static Tensor OffsetOf(QueryAttention attention, (int Start, int Count) tokens, LinearForm form)
    {
        var share = form == LinearForm.Paper ? 0 : 1.0 / attention.Values.shape[1];
        return attention.Values.narrow(1, tokens.Start, tokens.Count).sum([1]).mul(tensor(share, float64));
    }

    private static Tensor QueryMatrix(DecoderLayer layer, QueryAttention attention)
    {
        var projection = layer.Projections[Projection.Query];
        var matrix = Wide(projection.Weight);
        if (layer.Heads.QueryNorm is not { } norm) return matrix;
        var plain = attention.Input.mm(matrix.t());
        if (projection.Bias is { } bias) plain = plain.add(Wide(bias));
        var heads = attention.Query.shape;
        return FrozenNorm.Of(norm, plain.view(heads)).Before(matrix.view(heads[0], heads[1], -1)).view(matrix.shape);
    }

    private static Tensor Wide(Tensor tensor) => tensor.to(float64, CPU);
}
