using Eckart.Formats;
using Eckart.Models;
using Eckart.Pruning;
using static TorchSharp.torch;

namespace Eckart.Theory.Tracing;

/// <summary>Measures the implicit gradients that a prompt's demonstrations are to a model's layers, from its hidden states.</summary>
/// <param name="model">Still the caller's; one call at a time.</param>
/// <param name="editor">Edits that model; still the caller's.</param>
/// <param name="form">What stands in for the softmax where attention is written as a matrix.</param>
/// <param name="ranks">Whether effective ranks of layers are wanted, which take a decomposition of (C, C) each.</param>
/// <remarks>
/// <b>Source</b>: Lemma 1, Theorem 1 and Remark 5 of arXiv:2406.03768. ΔW_t is built from the actual hidden states: with causal demonstrations they are not (I + W_{t−1}) times the first ones.
/// <b>Deviation</b>: norms are taken as linear maps at the query, so that (I + W_t) h⁰ is a residual; MLPs, biases and the query's own tokens are left out of W_t. What each of this does is measured.
/// Costs one pass over the prompt, and seven products of size C a layer and, for ranks, one decomposition.
/// </remarks>
public sealed class GradientTracer(CausalLm model, WeightEditor editor, LinearForm form, bool ranks = true)
{
    /// <summary>Runs a prompt under an intervention; the model is as it was afterwards.</summary>
    /// <param name="prompt">With demonstrations.</param>
    /// <param name="intervention">Resolved for the model.</param>
    /// <param name="done">Called after each layer; may be null.</param>
    /// <param name="cancellation">Checked between layers.</param>
    /// <exception cref="InputException">A layer that does not see all demonstrations from the query, hidden states that are not finite, or gradients of the paper's form that no float64 holds.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the model is as it was.</exception>
    public ModelTrace Trace(TracedPrompt prompt, Intervention intervention, Action? done, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(intervention);
        VisibleDemonstrations.Require(model, prompt);
        using var gradients = no_grad();
        using var edit = editor.Apply(intervention);
        using var products = new OneThreadProducts();       // small ones: a second thread only waits
        using var walk = new TraceWalk(model, prompt, form, ranks);
        using var scope = NewDisposeScope();
        model.HiddenStates(prompt.Ids.Span, (layer, x) =>
        {
            cancellation.ThrowIfCancellationRequested();
            if (layer == model.Spec.Layers) return;
            FiniteStates.Require(x, layer, prompt, intervention);
            walk.Add(layer, x);
            done?.Invoke();
        });
        return new ModelTrace(intervention, walk.Finished());
    }
}
