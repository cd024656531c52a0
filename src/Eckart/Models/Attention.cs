using static TorchSharp.torch;

namespace Eckart.Models;

/// <summary>Causal self-attention with grouped queries.</summary>
internal sealed class Attention(ModelSpec spec, Rotary rotary, IReadOnlyDictionary<Projection, Linear> projections)
{
    /// <summary>Attends every token to itself and all before.</summary>
    /// <param name="x">(T, C), normalised.</param>
    /// <param name="angles">Of <see cref="Rotary.Angles"/>, for T tokens.</param>
    /// <returns>(T, C), fresh.</returns>
    public Tensor Forward(Tensor x, (Tensor Cos, Tensor Sin) angles)
    {
        using var scope = NewDisposeScope();
        var query = rotary.Rotate(Heads(Projection.Query, x), angles);      // (T, H, D)
        var key = rotary.Rotate(Heads(Projection.Key, x), angles);          // (T, K, D)
        var value = Heads(Projection.Value, x);                             // (T, K, D)

        var mixed = nn.functional.scaled_dot_product_attention(             // (1, H, T, D)
            HeadsFirst(query), HeadsFirst(ForEachQuery(key)), HeadsFirst(ForEachQuery(value)), is_casual: true);
        var joined = mixed.squeeze(0).transpose(0, 1).reshape(x.shape[0], -1);
        return projections[Projection.Output].Forward(joined).MoveToOuterDisposeScope();
    }

    private Tensor Heads(Projection projection, Tensor x) => projections[projection].Forward(x).view(x.shape[0], -1, spec.HeadSize);

    private Tensor ForEachQuery(Tensor x) =>
        spec.Heads == spec.KeyValueHeads ? x : x.repeat_interleave(spec.Heads / spec.KeyValueHeads, 1);

    private static Tensor HeadsFirst(Tensor x) => x.transpose(0, 1).unsqueeze(0);
}
