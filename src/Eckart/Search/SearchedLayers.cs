using System.Collections.Immutable;
using Eckart.Experiments.Plans;
using Eckart.Formats;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Search;

/// <summary>What a search tries for one module, and how it came to its layers.</summary>
/// <param name="Settings">Module, layers and rates.</param>
/// <param name="Choice">Algorithm 1's choice; null where one layer was named.</param>
/// <param name="Note">What a report has to say of where the layers came from; null where the plan named them, or left them to Algorithm 1.</param>
public sealed record SearchedLayers(SearchSettings Settings, LayerChoice? Choice, string? Note)
{
    /// <summary>The layers that a plan names, or else the task's file, or else Algorithm 1's choice.</summary>
    /// <param name="plan">One that searches.</param>
    /// <param name="module">One of its modules.</param>
    /// <param name="variant">The task.</param>
    /// <param name="spec">Of the model.</param>
    /// <param name="choice">Algorithm 1's choice; asked only where it is needed.</param>
    /// <exception cref="InputException">A layer or matrix that the model lacks.</exception>
    public static SearchedLayers Of(Plan plan, Module module, TaskVariant variant, ModelSpec spec, Func<LayerChoice> choice)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(variant);
        ArgumentNullException.ThrowIfNull(choice);
        module.CheckAgainst(spec);
        var (named, note) = Named(plan, variant, spec);
        LayerChoice? chosen = named is [_] ? null : choice();
        var layers = named ?? [chosen!.Layer];
        if (named is null && plan.Layers.Length > 1) layers = PlanGrid.Layers(plan, spec, () => chosen!.Layer);
        var settings = new SearchSettings(module, layers, plan.Rates, plan.Alpha) { Pointed = layers is [_] || !layers.Contains(chosen!.Layer) ? null : chosen.Layer };
        return new SearchedLayers(settings, chosen, note);
    }

    // Null where the choice is asked for.
    private static (ImmutableArray<int>? Layers, string? Note) Named(Plan plan, TaskVariant variant, ModelSpec spec)
    {
        if (plan.Layers.Any(selection => selection.Kind == LayerSelectionKind.Chosen)) return (null, null);
        if (!plan.Layers.IsEmpty) return (PlanGrid.Layers(plan, spec, () => throw new InvalidOperationException("No choice was asked for.")), null);
        if (variant.Layer is not { } wanted) return (null, null);
        var layers = LayerSelection.Parse(wanted)?.Of(spec.Layers)
            ?? throw new InputException($"task '{variant.Name}': layer", FormattableString.Invariant($"expected a layer from 0 to {spec.Layers - 1}, from -{spec.Layers} to -1, or all, found '{wanted}'"), "give one of these");
        var what = wanted == "all" ? "all layers are" : $"layer {wanted} is";
        return (layers, $"{what} tried because the task's file says so; --layer N tries one");
    }
}
