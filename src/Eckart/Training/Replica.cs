using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Training;

/// <summary>All parameters as leaves of a gradient, over memory that others share, and a gradient of its own: what one worker needs for its part of a batch.</summary>
internal sealed class Replica : IDisposable
{
    private readonly Dictionary<(Part Part, int Layer, bool Bias), Tensor> leaves = [];

    /// <param name="weights">The parameters; still the caller's, and must outlive this.</param>
    public Replica(ModelWeights weights)
    {
        (Weights, var layout, var values) = (weights, weights.Layout, weights.Values);
        Gradient = zeros_like(values).DetachFromDisposeScope();
        foreach (var slot in layout.Slots)
            if (layout.Stack(slot.Part, slot.Layer, slot.Bias) is { } stack && stack.Offset == slot.Offset)
            {
                var count = stack.Shape.Aggregate(1L, (product, size) => product * size);
                var leaf = values.detach().narrow(0, stack.Offset, count).view(stack.Shape).requires_grad_().DetachFromDisposeScope();
                leaf.grad = Gradient.narrow(0, stack.Offset, count).view(stack.Shape);
                leaves.Add((slot.Part, slot.Layer, slot.Bias), leaf);
            }
    }

    /// <summary>The parameters.</summary>
    public ModelWeights Weights { get; }

    /// <summary>Gradient of all parameters, flat: backward passes add to it.</summary>
    public Tensor Gradient { get; }

    /// <summary>The gradient of a stack's weights or biases; a vector is one row.</summary>
    public Matrix GradientOf(Part first, int layer = 0, bool bias = false) => Weights.Layout.MatrixIn(Gradient, first, layer, bias);

    /// <summary>A stack's matrix or norm weight, for operators of libtorch.</summary>
    /// <param name="first">The first part of the stack.</param>
    /// <param name="layer">Zero-based layer.</param>
    public Tensor Weight(Part first, int layer = 0) => leaves[(first, layer, false)];

    /// <summary>A stack's bias, or null.</summary>
    public Tensor? Bias(Part first, int layer = 0) => leaves.GetValueOrDefault((first, layer, true));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var leaf in leaves.Values) leaf.Dispose();
        Gradient.Dispose();
    }
}
