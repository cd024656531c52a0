using Eckart.Formats;
using Eckart.Models;

namespace Eckart.Theory.Tracing;

/// <summary>Refuses layers from whose last position some demonstrations cannot be seen: their implicit gradient is not one of all demonstrations.</summary>
internal static class VisibleDemonstrations
{
    /// <summary>Looks at every layer.</summary>
    /// <exception cref="InputException">A window that is shorter than the prompt.</exception>
    public static void Require(CausalLm model, TracedPrompt prompt)
    {
        for (var layer = 0; layer < model.Layers.Count; layer++)
            if (model.Layers[layer].Heads.Window is > 0 and var window && window < prompt.Ids.Length)
                throw new InputException(
                    prompt.Where,
                    $"expected every layer to see all of the {prompt.Ids.Length} tokens from the query, found layer {layer} of {model.Spec.Family.Title} with a sliding window of {window}",
                    "take fewer demonstrations (--shots), or a model that attends to all tokens");
    }
}
