using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Training;

/// <summary>The parameters, which others share, and a gradient of its own: what one worker needs for its part of a batch.</summary>
internal sealed class Replica : IDisposable
{
    private readonly Dictionary<(Part Part, int Layer, bool Bias), Matrix> gradients;

    /// <param name="weights">The parameters; still the caller's, and must outlive this.</param>
    public Replica(ModelWeights weights)
    {
        Weights = weights;
        Gradient = zeros_like(weights.Values).DetachFromDisposeScope();
        gradients = weights.Layout.MatricesIn(Gradient);
    }

    /// <summary>The parameters.</summary>
    public ModelWeights Weights { get; }

    /// <summary>Gradient of all parameters, flat: ways back add to it.</summary>
    public Tensor Gradient { get; }

    /// <summary>The gradient of a stack's weights or biases; a vector is one row.</summary>
    /// <param name="first">The first part of the stack.</param>
    /// <param name="layer">Zero-based layer.</param>
    /// <param name="bias">Whether the biases' is wanted.</param>
    public Matrix GradientOf(Part first, int layer = 0, bool bias = false) => gradients[(first, layer, bias)];

    /// <inheritdoc/>
    public void Dispose() => Gradient.Dispose();
}
