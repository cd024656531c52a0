using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Theory.Tracing;

/// <summary>What a layer's attention compares and mixes at the last position of a prompt, in float64 on the CPU.</summary>
/// <param name="Input">(1, C): attention's normalised input at that position.</param>
/// <param name="Norm">The norm before attention, as the linear map that it is at that position.</param>
/// <param name="Query">(H, D): the query, not rotated.</param>
/// <param name="Keys">(K, T, D): each key turned by its position less the query's, so that its product with <paramref name="Query"/> is the model's own score times √D.</param>
/// <param name="Values">(K, T, D).</param>
/// <param name="Weights">(H, T): the softmax over all T tokens that the query sees.</param>
/// <remarks>With R_p the rotation at position p, (R_q q)·(R_i k) = q·(R_qᵀ R_i k): the whole rotation stands on the key's side, and the query's matrix stays as it is. A scaled rotation's magnitude is part of it.</remarks>
internal sealed record QueryAttention(Tensor Input, FrozenNorm Norm, Tensor Query, Tensor Keys, Tensor Values, Tensor Weights)
{
    /// <summary>Runs a layer's attention up to its softmax.</summary>
    /// <param name="model">Of the layer.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="x">(T, C): the layer's input.</param>
    /// <param name="angles">Of the model's rotation, for T tokens.</param>
    /// <returns>Its tensors, and what was made on the way, belong to the caller's dispose scope.</returns>
    public static QueryAttention Of(CausalLm model, DecoderLayer layer, Tensor x, (Tensor Cos, Tensor Sin) angles)
    {
        var (spec, last) = (model.Spec, x.shape[0] - 1);
        var normal = layer.AttentionNorm.Forward(x);
        var asking = normal.narrow(0, last, 1);
        var (query, key, value) = layer.Attention.Project(normal, asking, WeightProducts.Shared(model.Compute));
        var backwards = (angles.Cos.narrow(0, last, 1), angles.Sin.narrow(0, last, 1).neg());
        var relative = model.Rotary.Rotate(model.Rotary.Rotate(key.to(float32), angles), backwards);

        var (q, keys, values) = (Wide(query.select(0, 0)), GroupsFirst(relative), GroupsFirst(value));
        var scores = q.view(spec.KeyValueHeads, -1, spec.HeadSize).bmm(keys.transpose(1, 2)).div(tensor(Math.Sqrt(spec.HeadSize), float64));     // (K, H/K, T)
        return new QueryAttention(
            Wide(asking),
            FrozenNorm.Of(layer.AttentionNorm, Wide(x.select(0, last))),
            q,
            keys,
            values,
            scores.softmax(-1).view(spec.Heads, -1));
    }

    /// <summary>What some of the tokens add to each head.</summary>
    /// <param name="start">The first of them.</param>
    /// <param name="count">How many.</param>
    /// <returns>(H, D), in the caller's dispose scope.</returns>
    public Tensor Mixed(long start, long count)
    {
        using var scope = NewDisposeScope();
        var grouped = Weights.narrow(1, start, count).view(Values.shape[0], -1, count);             // (K, H/K, t)
        return grouped.bmm(Values.narrow(1, start, count)).view(Query.shape).MoveToOuterDisposeScope();
    }

    private static Tensor Wide(Tensor tensor) => tensor.to(float64, CPU);

    private static Tensor GroupsFirst(Tensor x) => Wide(x).transpose(0, 1).contiguous();
}
