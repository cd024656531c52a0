using Eckart.Engine.Kernels;
using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Training;

/// <summary>The decoder that <see cref="CausalLm"/> runs, for many sequences of one length at once and with gradients: the same description, the same maths.</summary>
internal sealed class TrainableLm : IDisposable
{
    private readonly ScalarType products;
    private readonly Tensor angles;     // of each position the cosines, then the sines

    /// <param name="spec">What the model is made of.</param>
    /// <param name="products">Type of the products with weights.</param>
    public TrainableLm(ModelSpec spec, ScalarType products)
    {
        (Spec, this.products) = (spec, products);
        Layout = new ParameterLayout(spec);
        using var rotary = new Rotary(spec.Rotary);
        using var scope = NewDisposeScope();
        var (cos, sin) = rotary.Angles(spec.MaxPositions, ComputeOptions.Cpu);
        angles = cat([cos, sin], 1).DetachFromDisposeScope();
    }

    /// <summary>What the model is made of.</summary>
    public ModelSpec Spec { get; }

    /// <summary>Where its parameters lie.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>Hidden states after the final norm.</summary>
    /// <param name="weights">The parameters.</param>
    /// <param name="ids">(B, T) token ids, int64.</param>
    /// <returns>(B·T, C), fresh, in the caller's dispose scope.</returns>
    public Tensor States(Replica weights, Tensor ids)
    {
        using var scope = NewDisposeScope();
        var x = weights.Weight(Part.Embedding).index_select(0, ids.flatten());       // (B·T, C)
        for (var layer = 0; layer < Spec.Layers; layer++) x = Layer(weights, layer, x, ids.shape[1]);
        return Norm(weights, Part.FinalNorm, 0, x).MoveToOuterDisposeScope();
    }

    /// <summary>Logits over the vocabulary.</summary>
    /// <param name="weights">The parameters.</param>
    /// <param name="states">(rows, C), of <see cref="States"/>.</param>
    /// <returns>(rows, V), fresh, in the caller's dispose scope.</returns>
    public Tensor Logits(Replica weights, Tensor states) =>
        Product(states, Spec.TiedHead ? weights.Weight(Part.Embedding) : weights.Weight(Part.Head), weights.Bias(Part.Head));

    /// <inheritdoc/>
    public void Dispose() => angles.Dispose();

    private Tensor Layer(Replica weights, int layer, Tensor x, long tokens)
    {
        using var scope = NewDisposeScope();
        var normal = Norm(weights, Part.AttentionNorm, layer, x);
        var attended = Attention(weights, layer, normal, tokens).add(x);
        var inner = Spec.Family.Residual == ResidualLayout.Parallel ? normal : Norm(weights, Part.MlpNorm, layer, attended);
        return Mlp(weights, layer, inner).add(attended).MoveToOuterDisposeScope();
    }

    private Tensor Attention(Replica weights, int layer, Tensor x, long tokens)
    {
        using var scope = NewDisposeScope();
        var all = Product(x, Part.Query, weights, layer);                                    // (B·T, (H + 2K)·D)
        var mixed = AttentionFunction.Apply(all, angles.narrow(0, 0, tokens), Spec);         // (B·T, H·D)
        return Product(mixed, Part.Output, weights, layer).MoveToOuterDisposeScope();
    }

    private Tensor Mlp(Replica weights, int layer, Tensor x)
    {
        using var scope = NewDisposeScope();
        var wide = Product(x, Spec.Family.Gated ? Part.Gate : Part.Up, weights, layer);      // (B·T, 2F), gate and up side by side, or (B·T, F)
        var inner = Spec.Family.Gated ? Activate(wide.narrow(1, 0, Spec.MlpSize)).mul(wide.narrow(1, Spec.MlpSize, Spec.MlpSize)) : Activate(wide);
        return Product(inner, Part.Down, weights, layer).MoveToOuterDisposeScope();
    }

    private Tensor Activate(Tensor x) => Spec.Activation switch
    {
        Activation.Silu => nn.functional.silu(x),
        Activation.Gelu => nn.functional.gelu(x),
        Activation.GeluTanh => x.gelu(TorchSharp.Modules.GELU.Approximate.tanh),
        Activation.Relu => nn.functional.relu(x),
        _ => throw new InvalidOperationException("Not an activation."),
    };

    private Tensor Product(Tensor x, Part first, Replica weights, int layer) => Product(x, weights.Weight(first, layer), weights.Bias(first, layer));

    private Tensor Product(Tensor x, Tensor weight, Tensor? bias)
    {
        if (products != float32) return nn.functional.linear(x.to(products), weight.to(products), bias?.to(products)).to(float32);
        if (!PackedProduct.Pays) return nn.functional.linear(x, weight, bias);
        var product = LinearFunction.Apply(x, weight);
        return bias is null ? product : product.add(bias);
    }

    private Tensor Norm(Replica weights, Part part, int layer, Tensor x)
    {
        using var scope = NewDisposeScope();
        var weight = weights.Weight(part, layer);
        return (Spec.Family.Norm == NormKind.Layer
            ? nn.functional.layer_norm(x, weight.shape, weight, weights.Bias(part, layer), Spec.NormEpsilon)
            : NormFunction.Apply(x, weight, Spec.NormEpsilon)).MoveToOuterDisposeScope();
    }
}
