using static TorchSharp.torch;

namespace Eckart.Models;

/// <summary>Causal self-attention with grouped queries.</summary>
/// <param name="spec">Of the model.</param>
/// <param name="rotary">Of the model; still the caller's.</param>
/// <param name="projections">Of the layer; still the caller's.</param>
/// <param name="heads">The layer's norms of heads and its window.</param>
internal sealed class Attention(ModelSpec spec, Rotary rotary, IReadOnlyDictionary<Projection, Linear> projections, HeadRules heads)
{
    /// <summary>Attends every token to itself and all before.</summary>
    /// <param name="x">(T, C), normalised.</param>
    /// <param name="angles">Of <see cref="Rotary.Angles"/>, for T tokens.</param>
    /// <param name="products">How they are taken.</param>
    /// <returns>(T, C), fresh.</returns>
    public Tensor Forward(Tensor x, (Tensor Cos, Tensor Sin) angles, WeightProducts products)
    {
        using var scope = NewDisposeScope();
        var (query, key, value) = Project(x, x, products);
        (query, key) = (rotary.Rotate(query, angles), rotary.Rotate(key, angles));

        var seen = heads.Window > 0 && heads.Window < x.shape[0] ? heads.Seen(0, x.shape[0], x.shape[0], x.device) : null;
        var mixed = nn.functional.scaled_dot_product_attention(                                     // (1, H, T, D)
            HeadsFirst(query), HeadsFirst(ForEachQuery(key)), HeadsFirst(ForEachQuery(value)), seen, is_casual: seen is null);
        var joined = mixed.squeeze(0).transpose(0, 1).reshape(x.shape[0], -1);
        return products.Of(projections[Projection.Output], joined).MoveToOuterDisposeScope();
    }

    /// <summary>What attention compares and mixes, head by head, its norms applied and nothing rotated yet.</summary>
    /// <param name="x">(T, C), normalised: what keys and values are of.</param>
    /// <param name="asking">(t, C): the rows of it that compare.</param>
    /// <param name="products">How they are taken.</param>
    /// <returns>Queries (t, H, D), keys (T, K, D) and values (T, K, D), fresh, in the caller's dispose scope.</returns>
    public (Tensor Query, Tensor Key, Tensor Value) Project(Tensor x, Tensor asking, WeightProducts products)
    {
        return (Normal(heads.QueryNorm, Heads(Projection.Query, asking)), Normal(heads.KeyNorm, Heads(Projection.Key, x)), Heads(Projection.Value, x));

        Tensor Heads(Projection projection, Tensor rows) => products.Of(projections[projection], rows).view(rows.shape[0], -1, spec.HeadSize);
    }

    private static Tensor Normal(Norm? norm, Tensor heads) => norm is null ? heads : norm.Forward(heads);

    private Tensor ForEachQuery(Tensor x) =>
        spec.Heads == spec.KeyValueHeads ? x : x.repeat_interleave(spec.Heads / spec.KeyValueHeads, 1);

    private static Tensor HeadsFirst(Tensor x) => x.transpose(0, 1).unsqueeze(0);
}
