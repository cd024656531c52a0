using System.Collections.Immutable;
using Eckart.Engine;
using Eckart.Experiments;
using Eckart.Experiments.Plans;
using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Search;

/// <summary>Runs a plan: model by model, each opened once, episode by episode, each a walk.</summary>
/// <param name="plan">What to run.</param>
/// <param name="open">Opens a model that the plan names; closed here.</param>
/// <param name="data">Folder with one folder a task; null where none is named.</param>
/// <param name="svd">How matrices are decomposed; null for each protocol's own.</param>
public sealed class PlanRunner(Plan plan, Func<string, ModelSession> open, string? data, SvdKind? svd)
{
    private readonly Dictionary<(string Path, Module Module), int> choices = [];

    /// <summary>Lays the plan out: every task is drawn and every layer looked up, so that whatever is wrong is found before anything slow.</summary>
    /// <param name="count">Counts the operations of the walks too, which takes the prompts as tokens.</param>
    /// <param name="cancellation">Checked between episodes.</param>
    /// <exception cref="Formats.InputException">A model, task, layer or matrix that is not there or malformed.</exception>
    public IReadOnlyList<PlannedEpisode> LayOut(bool count, CancellationToken cancellation)
    {
        var planned = new List<PlannedEpisode>();
        foreach (var (session, episodes) in Models())
            using (session)
                foreach (var episode in episodes)
                {
                    cancellation.ThrowIfCancellationRequested();
                    var task = Open(session, episode);
                    planned.Add(new PlannedEpisode(episode, TrialsOf(task), count ? Operations(task) : null));
                }

        return planned;
    }

    /// <summary>Runs what the journal lacks.</summary>
    /// <param name="journal">Keeps every trial.</param>
    /// <param name="shard">The share to run.</param>
    /// <param name="opened">Called with a model's name and digest before its first trial.</param>
    /// <param name="begun">Called at each episode.</param>
    /// <param name="progress">Called now and then, from any thread.</param>
    /// <param name="cancellation">Checked often.</param>
    /// <exception cref="Formats.InputException">As <see cref="LayOut"/>; or a score that is not finite, or a journal that cannot be written.</exception>
    public void Run(Journal journal, Shard shard, Action<string, string> opened, Action<PlannedEpisode> begun, Action<WorkDone> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(opened);
        ArgumentNullException.ThrowIfNull(begun);
        var laid = LayOut(count: false, cancellation);
        var share = shard.Share(laid.Sum(one => (long)one.Trials.Units));
        var place = 0;
        foreach (var (session, episodes) in Models())
            using (session)
                foreach (var episode in episodes)
                {
                    var planned = laid.First(one => one.Episode == episode);
                    var (from, to) = (Math.Max(share.Start.Value, place) - place, Math.Min(share.End.Value, place + planned.Trials.Units) - place);
                    place += planned.Trials.Units;
                    if (from >= to) continue;
                    opened(session.Checkpoint.Name, session.Digest);
                    begun(planned);
                    if (plan.Searches) Search(Open(session, episode), TriesOf(session)[from..to], journal, progress, cancellation);
                    else Sweep(Open(session, episode), InterventionsOf(session)[from..to], journal, progress, cancellation);
                }
    }

    private IEnumerable<(ModelSession Session, IReadOnlyList<Episode> Episodes)> Models() =>
        PlanGrid.Episodes(plan).GroupBy(episode => episode.Model).Select(model => (open(model.Key), (IReadOnlyList<Episode>)[.. model]));

    private TaskSession Open(ModelSession session, Episode episode)
    {
        var settings = episode.Settings(plan, data) with { WantedSvd = svd };
        return new TaskSession(session, settings, settings.Draw());
    }

    private void Sweep(TaskSession task, ImmutableArray<Intervention> interventions, Journal journal, Action<WorkDone> progress, CancellationToken cancellation)
    {
        var set = SetOf(task);
        task.Runner(journal).Run([.. interventions.Select(one => new TrialRequest(set, one))], [], progress, cancellation);
    }

    private static void Search(TaskSession task, ImmutableArray<SearchSettings> tries, Journal journal, Action<WorkDone> progress, CancellationToken cancellation)
    {
        var (validation, test) = (task.Validation(), task.Test());
        foreach (var one in tries) new Algorithm1(task.Runner(journal), task.Model.Spec, task.Variant.Metric, one).Run(validation, test, progress, cancellation);
    }

    private PlannedTrials TrialsOf(TaskSession task)
    {
        var planned = new PlannedTrials(task.Model.Checkpoint.Name, task.Variant.Name, task.Variant.Protocol.ToString().ToLowerInvariant(), task.Seed, task.Shots, 0, 0, 1, 1);
        if (!plan.Searches) return planned with { Units = InterventionsOf(task.Model).Length };

        // The unedited model on validation and on test, whatever the module; for each the rates above 0, and its choice on test unless that is 0.
        var tries = TriesOf(task.Model).Select(one => one.Layers.Length * one.Rates.Count(rate => !rate.IsZero)).ToArray();
        return planned with { Units = tries.Length, Common = 2, Least = tries.Min(), Most = tries.Max() + 1 };
    }

    private QuerySet SetOf(TaskSession task) => plan.Split == "test" ? task.Test() : task.Validation();

    private long Operations(TaskSession task)
    {
        var session = task.Model;
        using var engine = WalkEngine.Streaming(session.Checkpoint, session.Compute, new EngineOptions());       // counts without a weight in memory
        var set = SetOf(task);
        return plan.Searches
            ? TriesOf(session).Sum(one => engine.OperationsFor([.. new Algorithm1(task.Runner(null), session.Spec, task.Variant.Metric, one).Plan().Select(intervention => new ScoreRequest(set.Queries, intervention))]))
            : engine.OperationsFor([.. InterventionsOf(session).Select(one => new ScoreRequest(set.Queries, one))]);
    }

    private ImmutableArray<Intervention> InterventionsOf(ModelSession session) => PlanGrid.Interventions(plan, session.Spec, module => ChosenLayer(session, module));

    private ImmutableArray<SearchSettings> TriesOf(ModelSession session) =>
        [.. plan.Modules.Select(module => new SearchSettings(module, PlanGrid.Layers(plan, session.Spec, () => ChosenLayer(session, module)), plan.Rates, Alpha: 0.05))];

    private int ChosenLayer(ModelSession session, Module module)
    {
        if (choices.TryGetValue((session.Checkpoint.Path, module), out var known)) return known;
        var sites = Spectra.AllSites(session.Spec).Where(site => module.Projections.Contains(site.Projection));
        return choices[(session.Checkpoint.Path, module)] = LayerChoice.Of(Spectra.Of(session.Checkpoint, sites, session.Compute.Workers), module, Indicator.Condition, Aggregate.Max, LayerChoice.DefaultTop).Layer;
    }
}

/// <summary>An episode with what it comes to.</summary>
/// <param name="Episode">As the plan has it.</param>
/// <param name="Trials">How many trials, of what.</param>
/// <param name="Operations">Of its walk, each multiplication with its addition counted as two; null where they were not counted.</param>
public sealed record PlannedEpisode(Episode Episode, PlannedTrials Trials, long? Operations);
