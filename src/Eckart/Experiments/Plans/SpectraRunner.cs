using Eckart.Models;
using Eckart.Pruning;

namespace Eckart.Experiments.Plans;

/// <summary>Runs a plan of spectra: model by model, each matrix a line of the journal.</summary>
/// <param name="plan">What to run; no modules for every matrix.</param>
/// <param name="open">Opens a model that the plan names; closed here.</param>
public sealed class SpectraRunner(Plan plan, Func<string, ModelSession> open) : IPlanRunner
{
    /// <inheritdoc/>
    public IReadOnlyList<PlannedEpisode> LayOut(bool count, RunListener listener, CancellationToken cancellation) =>
    [
        .. plan.Models.Select(name =>
        {
            cancellation.ThrowIfCancellationRequested();
            using var model = open(name);
            return new PlannedEpisode(new PlannedTrials(model.Checkpoint.Name, "", "", 0, 0, null, SitesOf(model.Spec).Length, 0, 1, 1), null);
        }),
    ];

    /// <inheritdoc/>
    public void Run(Journal? journal, Shard shard, RunListener listener, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(listener);
        var laid = LayOut(count: false, listener, cancellation);
        var (total, place) = (laid.Sum(one => (long)one.Trials.Units), 0L);
        foreach (var (planned, name) in laid.Zip(plan.Models))
        {
            var units = shard.Within(total, place, planned.Trials.Units);
            place += planned.Trials.Units;
            if (units.Start.Value == units.End.Value) continue;
            using var model = open(name);
            listener.Opened?.Invoke(model.Checkpoint.Name, model.Digest);
            Run(model, SitesOf(model.Spec)[units], journal, listener, cancellation);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private WeightSite[] SitesOf(ModelSpec spec) => [.. Spectra.AllSites(spec).Where(site => plan.Modules.IsEmpty || plan.Modules.Any(module => module.Projections.Contains(site.Projection)))];

    private static void Run(ModelSession model, WeightSite[] sites, Journal? journal, RunListener listener, CancellationToken cancellation)
    {
        WeightSite[] missing = [.. sites.Where(site => journal?.Find(SpectrumKey.Of(model.Digest, site).Id()) is null)];
        listener.Counting?.Invoke($"spectra of {model.Checkpoint.Name}", "matrices", missing.Length);
        var since = TimeProvider.System.GetTimestamp();
        foreach (var spectrum in Spectra.Of(model.Checkpoint, missing, model.Compute.Workers))
        {
            cancellation.ThrowIfCancellationRequested();
            journal?.Append(SpectrumLine.Of(model.Digest, spectrum), TimeProvider.System.GetElapsedTime(since));
            since = TimeProvider.System.GetTimestamp();
            listener.Counted?.Invoke();
        }
    }
}
