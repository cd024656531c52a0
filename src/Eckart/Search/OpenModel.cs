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
        (opened, interventions) = (null, null);
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
