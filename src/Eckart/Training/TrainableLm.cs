using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Training;

/// <summary>The decoder that <see cref="CausalLm"/> runs, for many sequences of one length at once and with gradients: the same description, the same maths.</summary>
internal sealed class TrainableLm : IDisposable
{
    private readonly ScalarType products;
    private readonly Tensor angles, back;     // of each position the cosines, then the sines; and of the rotations the other way

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
        back = cat([cos, sin.neg()], 1).DetachFromDisposeScope();
    }

    /// <summary>What the model is made of.</summary>
    public ModelSpec Spec { get; }

    /// <summary>Where its parameters lie.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>The stack that the states are multiplied with at last.</summary>
    public Part Head => Spec.TiedHead ? Part.Embedding : Part.Head;

    /// <summary>The parameters as matrices.</summary>
    /// <param name="values">All parameters, flat; still the caller's, and must outlive the result.</param>
    /// <returns>The caller's.</returns>
    public ModelWeights Weights(Tensor values) => new(Layout, values, products);

    /// <summary>What the first layer reads.</summary>
    /// <param name="weights">The parameters.</param>
    /// <param name="ids">(B, T) token ids, int64.</param>
    /// <returns>(B·T, C), fresh, in the caller's dispose scope.</returns>
    public static Tensor Embed(Replica weights, Tensor ids)
    {
        using var flat = ids.flatten();
        return weights.Weight(Part.Embedding).index_select(0, flat);
    }

    /// <summary>Hidden states after the final norm.</summary>
    /// <param name="weights">The parameters; the way back adds to their gradient.</param>
    /// <param name="x">(B·T, C), of <see cref="Embed"/> or anything else.</param>
    /// <param name="tokens">T.</param>
    /// <param name="memory">For what is kept on the way; nothing may clear it before the way back is done.</param>
    /// <returns>(B·T, C), fresh, in the caller's dispose scope.</returns>
    public Tensor States(Replica weights, Tensor x, int tokens, WorkMemory memory)
    {
        var attention = new AttentionPass(Spec, new Matrix(angles, 0, angles.shape[0], angles.shape[1]), new Matrix(back, 0, back.shape[0], back.shape[1]), tokens, memory);
        return DecoderFunction.Apply(x, new DecoderPass(Spec, weights, memory, attention), memory);
    }

    /// <summary>Logits over the vocabulary, by libtorch: for a few rows.</summary>
    /// <param name="weights">The parameters.</param>
    /// <param name="states">(rows, C), of <see cref="States"/>.</param>
    /// <returns>(rows, V), fresh, in the caller's dispose scope.</returns>
    public Tensor Logits(Replica weights, Tensor states)
    {
        using var scope = NewDisposeScope();
        return nn.functional.linear(states.to(products), weights.Weight(Head).to(products), weights.Bias(Head)?.to(products)).to(float32).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        angles.Dispose();
        back.Dispose();
    }
}
