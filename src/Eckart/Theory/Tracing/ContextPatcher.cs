using Eckart.Formats;
using Eckart.Models;
using Eckart.Pruning;
using static TorchSharp.torch;

namespace Eckart.Theory.Tracing;

/// <summary>Finds the patches that take the place of a prompt's demonstrations, layer by layer, and runs the patched model without them.</summary>
/// <param name="model">Still the caller's; one call at a time.</param>
/// <param name="editor">Edits that model; still the caller's.</param>
/// <remarks>The query's own tokens are run from position 0 on where there are no demonstrations; behind learned positions that difference is part of the patch.</remarks>
public sealed class ContextPatcher(CausalLm model, WeightEditor editor)
{
    /// <summary>Finds and applies the patches under an intervention; the model is as it was afterwards.</summary>
    /// <param name="prompt">With demonstrations.</param>
    /// <param name="intervention">Resolved for the model: what is patched is the edited model.</param>
    /// <param name="done">Called after each layer; may be null.</param>
    /// <param name="cancellation">Checked between layers.</param>
    /// <exception cref="InputException">Hidden states that are not finite, or a layer whose MLP reads zeros, which no matrix turns into anything else.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the model is as it was.</exception>
    public ModelPatch Find(TracedPrompt prompt, Intervention intervention, Action? done, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(intervention);
        using var gradients = no_grad();
        using var edit = editor.Apply(intervention);
        using var products = new OneThreadProducts();       // small ones: a second thread only waits
        using var scope = NewDisposeScope();
        var with = new LayerStates[model.Spec.Layers];
        Run(prompt.Ids, (layer, pass) => with[layer] = LayerStates.Of(pass));
        using var walk = new PatchWalk(model, with, prompt);
        Run(prompt.OwnIds, (layer, pass) =>
        {
            walk.Add(layer, pass);
            done?.Invoke();
        });
        return new ModelPatch(intervention, walk.Finished());

        void Run(ReadOnlyMemory<int> ids, Action<int, LayerPass> visit)
        {
            var states = model.HiddenStates(ids.Span, (layer, pass) =>
            {
                cancellation.ThrowIfCancellationRequested();
                FiniteStates.Require(pass.Input, layer, model.Spec.Layers, prompt, intervention);
                visit(layer, pass);
            });
            FiniteStates.Require(states, model.Spec.Layers, model.Spec.Layers, prompt, intervention);
        }
    }
}
