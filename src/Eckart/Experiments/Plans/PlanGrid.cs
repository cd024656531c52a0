using System.Collections.Immutable;
using Eckart.Formats;
using Eckart.Models;
using Eckart.Pruning;

namespace Eckart.Experiments.Plans;

/// <summary>What a plan's grid comes to.</summary>
public static class PlanGrid
{
    /// <summary>The episodes, model by model; within one the tasks, protocols, seeds, numbers and orders of demonstrations in the plan's order.</summary>
    public static IEnumerable<Episode> Episodes(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return from model in plan.Models
               from task in plan.Tasks
               from protocol in plan.Protocols
               from seed in plan.Seeds.IsEmpty ? [null] : plan.Seeds.Select(seed => (long?)seed)
               from shots in plan.Shots.IsEmpty ? [null] : plan.Shots.Select(shots => (int?)shots)
               from order in plan.Orders.IsEmpty ? [0] : plan.Orders
               select new Episode(model, task, protocol, seed, shots, order == 0 ? null : order);
    }

    /// <summary>The layers of a module, ascending, each once.</summary>
    /// <param name="plan">Names them.</param>
    /// <param name="spec">Of the model.</param>
    /// <param name="chosen">Algorithm 1's choice; asked only where the plan wants it.</param>
    /// <exception cref="InputException">A layer that the model lacks.</exception>
    public static ImmutableArray<int> Layers(Plan plan, ModelSpec spec, Func<int> chosen)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(chosen);
        return [.. plan.Layers.SelectMany(selection => selection.Kind == LayerSelectionKind.Chosen ? [chosen()] : Of(plan, selection, spec)).Distinct().Order()];
    }

    /// <summary>Every intervention, the unedited model first, then by layer and module with rates ascending, then layers left out, then those that the plan writes out; each once.</summary>
    /// <param name="plan">Not one that searches.</param>
    /// <param name="spec">Of the model.</param>
    /// <param name="chosen">Algorithm 1's choice for a module; asked only where the plan wants it.</param>
    /// <exception cref="InputException">A layer or matrix that the model lacks.</exception>
    public static ImmutableArray<Intervention> Interventions(Plan plan, ModelSpec spec, Func<Module, int> chosen)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var grid = from module in plan.Modules
                   from layer in Layers(plan, spec, () => chosen(module))
                   orderby layer
                   from rate in plan.Rates
                   where !rate.IsZero
                   select new Intervention(new Truncation(module, layer, rate));
        var drops = plan.Drops.SelectMany(selection => Of(plan, selection, spec)).Distinct().Order().Select(layer => new Intervention(new LayerDrop(layer)));
        return [.. (plan.Alone ? [] : new[] { Intervention.None }).Concat(grid).Concat(drops).Concat(plan.Interventions).Select(one => one.Resolve(spec)).Distinct()];
    }

    private static ImmutableArray<int> Of(Plan plan, LayerSelection selection, ModelSpec spec) => selection.Of(spec.Layers)
        ?? throw new InputException($"plan '{plan.Name}': layers", $"expected layers from -{spec.Layers} to {spec.Layers - 1}, found {selection}", "name layers that the model has");
}
