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
        return Go(walk, visit => model.HiddenStates(prompt.Ids.Span, visit), (_, _) => { }, done, cancellation);
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
        var unedited = Go(trunk, visit => model.HiddenStates(prompt.Ids.Span, visit), Branch, done, cancellation);
        return [unedited, .. edited];

        void Branch(int layer, Tensor x)
        {
            for (var i = 0; i < edited.Length; i++)
            {
                if (FirstEdited(interventions[i]) != layer) continue;
                for (var shared = 0; shared < layer; shared++) done?.Invoke();
                using var branch = trunk.Fork(interventions[i]);
                edited[i] = Go(branch, visit => model.StatesFrom(x, layer, visit), (_, _) => { }, done, cancellation);
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

    private ModelTrace Go(TraceWalk walk, Func<Action<int, LayerPass>, Tensor> run, Action<int, Tensor> before, Action? done, CancellationToken cancellation)
    {
        using var gradients = no_grad();
        using var edit = walk.Intervention.IsNone ? null : editor.Apply(walk.Intervention);       // one edit at a time: branches leave the unedited walk while it goes on
        using var products = new OneThreadProducts();       // small ones: a second thread only waits
        using var scope = NewDisposeScope();
        var states = run((layer, pass) =>
        {
            cancellation.ThrowIfCancellationRequested();
            walk.RequireFinite(pass.Input);
            before(layer, pass.Input);
            walk.Add(pass);
            done?.Invoke();
        });
        walk.RequireFinite(states);
        return new ModelTrace(walk.Intervention, walk.Finished());
    }
}
