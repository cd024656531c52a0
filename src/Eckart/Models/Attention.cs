using static TorchSharp.torch;

namespace Eckart.Models;

/// <summary>Causal self-attention with grouped queries.</summary>
/// <param name="spec">Of the model.</param>
/// <param name="rotary">Of the model; still the caller's.</param>
/// <param name="projections">Of the layer; still the caller's.</param>
/// <param name="heads">The layer's norms of heads and its window.</param>
internal sealed class Attention(ModelSpec spec, Rotary rotary, IReadOnlyDictionary<Projection, Linear> projections, HeadRules heads)
{
    /// <summary>What attention compares and mixes, each row on its own.</summary>
    /// <param name="x">(T, C), normalised.</param>
    /// <param name="angles">Of <see cref="Rotary.Angles"/>, for T tokens.</param>
    /// <returns>Queries (T, H, D) and keys (T, K, D), rotated, and values (T, K, D); fresh, in the caller's dispose scope.</returns>
    public Tensor[] Rotated(Tensor x, (Tensor Cos, Tensor Sin) angles) =>
        [rotary.Rotate(Query(x), angles), rotary.Rotate(Key(x), angles), Value(x)];

    /// <summary>Lets every token attend to itself and all before.</summary>
    /// <param name="query">Of <see cref="Rotated"/>.</param>
    /// <param name="key">Likewise.</param>
    /// <param name="value">Likewise.</param>
    /// <returns>(T, H·D), fresh, in the caller's dispose scope.</returns>
    public Tensor Mixed(Tensor query, Tensor key, Tensor value)
    {
        using var scope = NewDisposeScope();
        var tokens = query.shape[0];
        var seen = heads.Window > 0 && heads.Window < tokens ? heads.Seen(0, tokens, tokens, query.device) : null;
        var mixed = nn.functional.scaled_dot_product_attention(                                     // (1, H, T, D)
            HeadsFirst(query), HeadsFirst(ForEachQuery(key)), HeadsFirst(ForEachQuery(value)), seen, is_casual: seen is null);
        return mixed.squeeze(0).transpose(0, 1).reshape(tokens, -1).MoveToOuterDisposeScope();
    }

    /// <summary>Attention's output.</summary>
    /// <param name="mixed">(T, H·D), of <see cref="Mixed"/>.</param>
    /// <returns>(T, C), fresh.</returns>
    public Tensor Output(Tensor mixed) => projections[Projection.Output].Forward(mixed);

    /// <summary>Queries, their norm applied and nothing rotated yet.</summary>
    /// <param name="x">(T, C), normalised.</param>
    /// <returns>(T, H, D), fresh, in the caller's dispose scope.</returns>
    public Tensor Query(Tensor x) => Normal(heads.QueryNorm, Heads(Projection.Query, x));

    /// <summary>Keys, likewise.</summary>
    /// <param name="x">(T, C), normalised.</param>
    /// <returns>(T, K, D), fresh, in the caller's dispose scope.</returns>
    public Tensor Key(Tensor x) => Normal(heads.KeyNorm, Heads(Projection.Key, x));

    /// <summary>Values.</summary>
    /// <param name="x">(T, C), normalised.</param>
    /// <returns>(T, K, D), fresh, in the caller's dispose scope.</returns>
    public Tensor Value(Tensor x) => Heads(Projection.Value, x);

    private Tensor Heads(Projection projection, Tensor x) => projections[projection].Forward(x).view(x.shape[0], -1, spec.HeadSize);

    private static Tensor Normal(Norm? norm, Tensor heads) => norm is null ? heads : norm.Forward(heads);

    private Tensor ForEachQuery(Tensor x) =>
        spec.Heads == spec.KeyValueHeads ? x : x.repeat_interleave(spec.Heads / spec.KeyValueHeads, 1);

    private static Tensor HeadsFirst(Tensor x) => x.transpose(0, 1).unsqueeze(0);
}
