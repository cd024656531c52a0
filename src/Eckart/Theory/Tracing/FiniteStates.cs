using Eckart.Formats;
using Eckart.Pruning;
using static TorchSharp.torch;

namespace Eckart.Theory.Tracing;

/// <summary>Refuses hidden states that are NaN or infinite.</summary>
internal static class FiniteStates
{
    /// <summary>Looks at every state.</summary>
    /// <param name="states">(T, C); still the caller's.</param>
    /// <param name="layer">The layer that they enter; the number of layers for what leaves the last.</param>
    /// <param name="layers">Of the model.</param>
    /// <param name="prompt">Named in the message.</param>
    /// <param name="intervention">Likewise.</param>
    /// <exception cref="InputException">One is not finite.</exception>
    public static void Require(Tensor states, int layer, int layers, TracedPrompt prompt, Intervention intervention)
    {
        using var scope = NewDisposeScope();
        if (!states.isfinite().all().item<bool>())
            throw new InputException(prompt.Under(intervention), $"expected finite hidden states, found NaN or infinity {(layer < layers ? $"at the input of layer {layer}" : "behind the last layer")}", "the weights or this intervention overflow: take other weights, or leave the intervention out");
    }
}
