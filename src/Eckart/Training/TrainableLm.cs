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

    /// <summary>The layers and the final norm over some sequences.</summary>
    /// <param name="weights">The parameters; the way back adds to their gradient.</param>
    /// <param name="tokens">T, of every sequence.</param>
    /// <param name="memory">For what is kept on the way; nothing may clear it before the way back is done.</param>
    /// <returns>For one way there, from what <see cref="TokenEmbedding"/> or anything else gives, and one back.</returns>
    public DecoderPass Decoder(Replica weights, int tokens, WorkMemory memory) =>
        new(Spec, weights, memory, new AttentionPass(Spec, new Matrix(angles, 0, angles.shape[0], angles.shape[1]), new Matrix(back, 0, back.shape[0], back.shape[1]), tokens, memory));

    /// <summary>Logits over the vocabulary.</summary>
    /// <param name="weights">The parameters.</param>
    /// <param name="states">(rows, C), after the final norm.</param>
    /// <param name="memory">Of the pass.</param>
    /// <returns>(rows, V), of the pass's memory.</returns>
    public Matrix Logits(ModelWeights weights, Matrix states, WorkMemory memory)
    {
        var logits = memory.Take(states.Rows, checked((int)Spec.Vocabulary));
        weights.Map(Head).Forward(states, logits, accumulate: false, memory);
        return logits;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        angles.Dispose();
        back.Dispose();
    }
}
