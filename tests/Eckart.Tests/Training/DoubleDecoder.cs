using Eckart.Models;
using Eckart.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Eckart.Tests.Training;

/// <summary>A decoder by libtorch's operators in double, whose gradients are libtorch's own.</summary>
internal static class DoubleDecoder
{
    /// <summary>Sum of the weighted losses.</summary>
    /// <param name="spec">Of the model.</param>
    /// <param name="layout">Of the parameters.</param>
    /// <param name="values">All of them, float64, a leaf.</param>
    /// <param name="ids">(B, T).</param>
    /// <param name="next">(B·T).</param>
    /// <param name="weights">(B·T), float64.</param>
    public static Tensor Loss(ModelSpec spec, ParameterLayout layout, Tensor values, Tensor ids, Tensor next, Tensor weights)
    {
        var logits = Logits(spec, layout, values, Of(layout, values, Part.Embedding)!.index_select(0, ids.flatten()), (int)ids.shape[1]);
        return nn.functional.cross_entropy(logits, next, reduction: nn.Reduction.None).mul(weights).sum();
    }

    /// <summary>Logits of embedded sequences.</summary>
    /// <param name="spec">Of the model.</param>
    /// <param name="layout">Of the parameters.</param>
    /// <param name="values">All of them, float64, a leaf.</param>
    /// <param name="embedded">(B·T, C).</param>
    /// <param name="tokens">T.</param>
    public static Tensor Logits(ModelSpec spec, ParameterLayout layout, Tensor values, Tensor embedded, int tokens)
    {
        Tensor Norm1(Part part, int layer, Tensor x) => Norm(spec, x, Of(layout, values, part, layer)!, Of(layout, values, part, layer, true));
        Tensor Map(Part part, int layer, Tensor x) => nn.functional.linear(x, Of(layout, values, part, layer)!, Of(layout, values, part, layer, true));

        var x = embedded;
        for (var layer = 0; layer < spec.Layers; layer++)
        {
            var normal = Norm1(Part.AttentionNorm, layer, x);
            var middle = x + Map(Part.Output, layer, Attention(spec, Map(Part.Query, layer, normal), tokens));
            var inner = spec.Family.Residual == ResidualLayout.Parallel ? normal : Norm1(Part.MlpNorm, layer, middle);
            var wide = Map(spec.Family.Gated ? Part.Gate : Part.Up, layer, inner);
            var active = spec.Family.Gated ? Activate(spec.Activation, wide.narrow(1, 0, spec.MlpSize)) * wide.narrow(1, spec.MlpSize, spec.MlpSize) : Activate(spec.Activation, wide);
            x = middle + Map(Part.Down, layer, active);
        }

        return Map(spec.TiedHead ? Part.Embedding : Part.Head, 0, Norm1(Part.FinalNorm, 0, x));
    }

    /// <summary>A stack of the parameters; null where there is none.</summary>
    public static Tensor? Of(ParameterLayout layout, Tensor values, Part part, int layer = 0, bool bias = false) =>
        layout.Stack(part, layer, bias) is { } stack ? values.narrow(0, stack.Offset, stack.Shape.Aggregate(1L, (a, b) => a * b)).view(stack.Shape) : null;

    /// <summary>A norm of the family's kind.</summary>
    public static Tensor Norm(ModelSpec spec, Tensor x, Tensor weight, Tensor? bias) => spec.Family.Norm == NormKind.Layer
        ? nn.functional.layer_norm(x, [x.shape[^1]], weight.flatten(), bias!.flatten(), spec.NormEpsilon)
        : x * (x.square().mean([-1L], keepdim: true) + spec.NormEpsilon).rsqrt() * weight;

    /// <summary>(B·T, (H + 2K)·D) to (B·T, H·D).</summary>
    public static Tensor Attention(ModelSpec spec, Tensor input, int tokens)
    {
        var (heads, groups, size) = (spec.Heads, spec.KeyValueHeads, spec.HeadSize);
        var all = input.view(-1, tokens, heads + (2 * groups), size);
        var turned = Turn(all.narrow(2, 0, heads + groups), spec.Rotary, tokens);
        Tensor PerQuery(Tensor keys) => keys.repeat_interleave(heads / groups, 2).transpose(1, 2).reshape(-1, tokens, size);
        var scores = turned.narrow(2, 0, heads).transpose(1, 2).reshape(-1, tokens, size).bmm(PerQuery(turned.narrow(2, heads, groups)).transpose(1, 2)).div(Math.Sqrt(size));
        var weights = scores.masked_fill(ones(tokens, tokens).triu(1).to(ScalarType.Bool), double.NegativeInfinity).softmax(-1);
        return weights.bmm(PerQuery(all.narrow(2, heads + groups, groups))).view(-1, heads, tokens, size).transpose(1, 2).reshape(-1, heads * size);
    }

    /// <summary>The non-linearity, of any float type.</summary>
    public static Tensor Activate(Activation activation, Tensor x) => activation switch
    {
        Activation.Silu => nn.functional.silu(x),
        Activation.Gelu => nn.functional.gelu(x),
        Activation.GeluTanh => x.gelu(TorchSharp.Modules.GELU.Approximate.tanh),
        _ => nn.functional.relu(x),
    };

    private static Tensor Turn(Tensor x, RotarySpec spec, int tokens)
    {
        using var rotary = new Rotary(spec);
        var (cos, sin) = rotary.Angles(tokens, ComputeOptions.Cpu);
        var (part, half) = (x.narrow(-1, 0, spec.Size), spec.Size / 2);
        var (a, b) = spec.Layout == RotaryLayout.Halves ? (part.narrow(-1, 0, half), part.narrow(-1, half, half)) : (part.slice(-1, 0, spec.Size, 2), part.slice(-1, 1, spec.Size, 2));
        var (c, s) = (cos.unsqueeze(1).to(float64), sin.unsqueeze(1).to(float64));
        Tensor[] turned = [a.mul(c) - b.mul(s), b.mul(c) + a.mul(s)];
        return cat([spec.Layout == RotaryLayout.Halves ? cat(turned, -1) : stack(turned, -1).flatten(-2, -1), x.narrow(-1, spec.Size, x.shape[^1] - spec.Size)], -1);
    }
}
