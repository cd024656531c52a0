using System.Collections.Immutable;
using Eckart.Experiments;
using Eckart.Experiments.Plans;
using Eckart.Pruning;

namespace Eckart.Search;

/// <summary>The model that a plan is at, and what of the plan depends on the model alone.</summary>
/// <param name="plan">What is run.</param>
/// <param name="open">Opens a model; closed here.</param>
internal sealed class OpenModel(Plan plan, Func<string, ModelSession> open) : IDisposable
{
    private readonly Dictionary<(string Model, Module Module), LayerChoice> choices = [];
    private (string Name, ModelSession Session)? opened;
    private ImmutableArray<Intervention>? interventions;
    private ImmutableArray<int>? cutOrder;

    /// <summary>A model, closed when another one is asked for.</summary>
    /// <param name="name">As the plan has it.</param>
    public ModelSession Open(string name)
    {
        if (opened is { } there && there.Name == name) return there.Session;
        Dispose();
        var session = open(name);
        opened = (name, session);
        return session;
    }

    /// <summary>The plan's interventions on it.</summary>
    /// <exception cref="Formats.InputException">A layer or matrix that the model lacks.</exception>
    public ImmutableArray<Intervention> Interventions(ModelSession model, RunListener listener) =>
        interventions ??= PlanGrid.Interventions(plan, model.Spec, module => Choice(model, module, listener).Layer);

    /// <summary>Those interventions in the order in which shares are cut: what leaves the model's pass last comes first, so that one share reads the prompts to the last layers and the others stop early.</summary>
    public IReadOnlyList<Intervention> InCutOrder(ModelSession model, RunListener listener)
    {
        var all = Interventions(model, listener);
        return [.. CutOrder(model, listener).Select(place => all[place])];
    }

    /// <summary>A part of that order, in the order of the plan again.</summary>
    public ImmutableArray<Intervention> Cut(ModelSession model, Range part, RunListener listener)
    {
        var all = Interventions(model, listener);
        return [.. CutOrder(model, listener)[part].Order().Select(place => all[place])];
    }

    /// <summary>The layer that Algorithm 1 takes; its spectra are read once.</summary>
    public LayerChoice Choice(ModelSession model, Module module, RunListener listener)
    {
        if (choices.TryGetValue((model.Checkpoint.Path, module), out var known)) return known;
        return choices[(model.Checkpoint.Path, module)] = plan.Ranking.Choose(Spectra(model, module, listener), module);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        opened?.Session.Dispose();
        (opened, interventions, cutOrder) = (null, null, null);
    }

    private ImmutableArray<int> CutOrder(ModelSession model, RunListener listener)
    {
        var all = Interventions(model, listener);
        return cutOrder ??= [.. Enumerable.Range(0, all.Length).OrderByDescending(i => all[i].IsNone ? int.MaxValue : all[i].Edits[0].Layer)];
    }

    private static IEnumerable<MatrixSpectrum> Spectra(ModelSession model, Module module, RunListener listener)
    {
        var sites = Pruning.Spectra.AllSites(model.Spec).Where(site => module.Projections.Contains(site.Projection)).ToArray();
        var counted = listener.Counting?.Invoke("spectra", "matrices", sites.Length);
        foreach (var spectrum in Pruning.Spectra.Of(model.Checkpoint, sites, model.Compute.Workers))
        {
            counted?.Invoke();
            yield return spectrum;
        }
    }
}
