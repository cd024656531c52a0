using System.Collections.Immutable;
using Eckart.Formats;
using Eckart.Models;
using Eckart.Pruning;
using static TorchSharp.torch;

namespace Eckart.Theory.Tracing;

/// <summary>Measures the implicit gradients that a prompt's demonstrations are to a model's layers, from its hidden states.</summary>
/// <param name="model">Still the caller's; one call at a time.</param>
/// <param name="editor">Edits that model; still the caller's.</param>
/// <param name="form">What stands in for the softmax where attention is written as a matrix.</param>
/// <param name="detail">How much of a layer is measured.</param>
/// <remarks>
/// <b>Source</b>: Lemma 1, Theorem 1 and Remark 5 of arXiv:2406.03768. ΔW_t is built from the actual hidden states: with causal demonstrations they are not (I + W_{t−1}) times the first ones.
/// <b>Deviation</b>: norms are taken as linear maps at the query, so that (I + W_t) h⁰ is a residual; MLPs, biases and the query's own tokens are left out of W_t. What each of this does is measured.
/// Costs one pass over the prompt, and five products of size C a layer; details take two more and a decomposition.
/// </remarks>
public sealed class GradientTracer(CausalLm model, WeightEditor editor, LinearForm form, TraceDetail detail = TraceDetail.Heads)
{
    /// <summary>Runs a prompt under an intervention; the model is as it was afterwards.</summary>
    /// <param name="prompt">With demonstrations.</param>
    /// <param name="intervention">Resolved for the model.</param>
    /// <param name="done">Called after each layer; may be null.</param>
    /// <param name="cancellation">Checked between layers.</param>
    /// <exception cref="InputException">A layer that does not see all demonstrations from the query, hidden states that are not finite, or gradients that no float64 holds.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the model is as it was.</exception>
    public ModelTrace Trace(TracedPrompt prompt, Intervention intervention, Action? done, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(intervention);
        VisibleDemonstrations.Require(model, prompt);
        using var walk = new TraceWalk(model, prompt, intervention, form, detail);
        return Go(walk, prompt, intervention, _ => { }, done, cancellation);
    }

    /// <summary>Runs a prompt unedited and under each of some interventions, which go their own way from the first layer that they edit on: to the bit what <see cref="Trace"/> gives of each.</summary>
    /// <param name="prompt">With demonstrations.</param>
    /// <param name="interventions">Resolved for the model.</param>
    /// <param name="done">Called after each layer of each, measured or shared; may be null.</param>
    /// <param name="cancellation">Checked between layers.</param>
    /// <returns>The unedited model's, then one an intervention, in order.</returns>
    /// <exception cref="ArgumentException">An intervention that is not resolved: it names a layer that the model does not count.</exception>
    /// <exception cref="InputException">As of <see cref="Trace"/>.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the model is as it was.</exception>
    public ImmutableArray<ModelTrace> Compare(TracedPrompt prompt, IReadOnlyList<Intervention> interventions, Action? done, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(interventions);
        foreach (var intervention in interventions) RequireLayers(intervention);
        VisibleDemonstrations.Require(model, prompt);
        var edited = new ModelTrace[interventions.Count];
        using var trunk = new TraceWalk(model, prompt, Intervention.None, form, detail);
        var unedited = Go(trunk, prompt, Intervention.None, Branch, done, cancellation);
        return [unedited, .. edited];

        void Branch(int layer)
        {
            for (var i = 0; i < edited.Length; i++)
            {
                if (FirstEdited(interventions[i]) != layer) continue;
                for (var shared = 0; shared < layer; shared++) done?.Invoke();
                using var branch = trunk.Fork(interventions[i]);
                edited[i] = Go(branch, prompt, interventions[i], _ => { }, done, cancellation);
            }
        }
    }

    // A layer that the walk does not come to would leave no trace.
    private void RequireLayers(Intervention intervention)
    {
        ArgumentNullException.ThrowIfNull(intervention);
        if (intervention.Edits.Any(edit => edit.Layer < 0 || edit.Layer >= model.Spec.Layers))
            throw new ArgumentException($"Intervention {intervention}: expected layers from 0 to {model.Spec.Layers - 1}, found another; resolve it for the model first.", nameof(intervention));
    }

    private static int FirstEdited(Intervention intervention) => intervention.IsNone ? 0 : intervention.Edits.Min(edit => edit.Layer);

    // The layers that a walk has behind it are run, as hidden states come from there, and not measured again.
    private ModelTrace Go(TraceWalk walk, TracedPrompt prompt, Intervention intervention, Action<int> before, Action? done, CancellationToken cancellation)
    {
        var first = walk.Layers;
        using var gradients = no_grad();
        using var edit = intervention.IsNone ? null : editor.Apply(intervention);       // one edit at a time: branches leave the unedited walk while it goes on
        using var products = new OneThreadProducts();       // small ones: a second thread only waits
        using var scope = NewDisposeScope();
        model.HiddenStates(prompt.Ids.Span, (layer, x) =>
        {
            cancellation.ThrowIfCancellationRequested();
            if (layer < first) return;
            FiniteStates.Require(x, layer, model.Spec.Layers, prompt, intervention);
            if (layer == model.Spec.Layers) return;
            before(layer);
            walk.Add(x);
            done?.Invoke();
        });
        return new ModelTrace(intervention, walk.Finished());
    }
}
