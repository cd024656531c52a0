using System.Collections.Immutable;
using Eckart.Models;
using Eckart.Pruning;

namespace Eckart.Experiments.Plans;

/// <summary>Runs a plan of spectra: model by model, each matrix a line of the journal.</summary>
/// <param name="plan">What to run; no modules for every matrix.</param>
/// <param name="open">Opens a model that the plan names; closed here.</param>
public sealed class SpectraRunner(Plan plan, Func<string, ModelSession> open) : IPlanRunner
{
    /// <inheritdoc/>
    public IReadOnlyList<PlannedEpisode> LayOut(bool estimate, RunListener listener, CancellationToken cancellation) =>
    [
        .. plan.Models.Select(name =>
        {
            cancellation.ThrowIfCancellationRequested();
            using var model = open(name);
            var sites = SitesOf(model.Spec);
            return new PlannedEpisode(new PlannedTrials(model.Checkpoint.Name, "", "", 0, 0, null, WorkOf(model.Spec, sites), 0, 1, 1), estimate ? Cost(model, sites) : null);
        }),
    ];

    /// <inheritdoc/>
    public void Run(Journal? journal, Shard shard, TimeProvider clock, RunListener listener, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(listener);
        var laid = LayOut(estimate: false, listener, cancellation);
        foreach (var (place, units) in new WorkCut([.. laid.Select(one => one.Trials.Work)]).Of(shard))
        {
            using var model = open(plan.Models[place]);
            listener.Opened?.Invoke(model.Checkpoint.Name, model.Digest);
            Run(model, SitesOf(model.Spec)[units], (journal, clock), listener, cancellation);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    // Values alone take less than the decomposition, but where a matrix is so ill-conditioned that it takes one.
    private static PlannedCost Cost(ModelSession model, WeightSite[] sites) => PlannedCost.None with
    {
        Decompositions = DecompositionRate.Measure().Of(sites.Sum(site => DecompositionRate.CostOf(model.Spec.ShapeOf((Part)site.Projection))), model.Compute.Workers),
    };

    private static ImmutableArray<UnitWork> WorkOf(ModelSpec spec, WeightSite[] sites) => [.. sites.Select(site => new UnitWork(1, (long)DecompositionRate.CostOf(spec.ShapeOf((Part)site.Projection))))];

    private WeightSite[] SitesOf(ModelSpec spec) => [.. Spectra.AllSites(spec).Where(site => plan.Modules.IsEmpty || plan.Modules.Any(module => module.Projections.Contains(site.Projection)))];

    private static void Run(ModelSession model, WeightSite[] sites, (Journal? Journal, TimeProvider Clock) kept, RunListener listener, CancellationToken cancellation)
    {
        var (journal, clock) = kept;
        WeightSite[] missing = [.. sites.Where(site => journal?.Find(SpectrumKey.Of(model.Digest, site).Id()) is null)];
        var counted = listener.Counting?.Invoke($"spectra of {model.Checkpoint.Name}", "matrices", missing.Length);
        var since = clock.GetTimestamp();
        foreach (var spectrum in Spectra.Of(model.Checkpoint, missing, model.Compute.Workers))
        {
            cancellation.ThrowIfCancellationRequested();
            journal?.Append(SpectrumLine.Of(model.Digest, spectrum), clock.GetElapsedTime(since));
            since = clock.GetTimestamp();
            counted?.Invoke();
        }
    }
}
