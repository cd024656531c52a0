using System.Collections.Immutable;
using Eckart.Engine;
using Eckart.Experiments;
using Eckart.Experiments.Plans;
using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Search;

/// <summary>Runs a plan of accuracies: model by model, each opened once, episode by episode, each a walk.</summary>
/// <param name="plan">What to run.</param>
/// <param name="open">Opens a model that the plan names; closed here.</param>
/// <param name="data">Folder with one folder a task; null where none is named.</param>
public sealed class PlanRunner(Plan plan, Func<string, ModelSession> open, string? data) : IPlanRunner
{
    private readonly OpenModel models = new(plan, open);
    private readonly EpisodeCosts costs = new();
    private (Episode Episode, TaskSettings Settings, Sample Sample)? drawn;
    private (Episode Episode, TaskSession Task)? last;                     // its items stay tokens from laying it out, where its cost is told, to running it
    private readonly Dictionary<Episode, PlannedEpisode> drafts = [];      // laid out once, for the dry run and for the run
    private IReadOnlyList<PlannedEpisode>? laid;

    /// <summary>Whether what is laid out tells the search's own trials from others', as its folder may hold other searches. The plan is then of one module in one episode.</summary>
    public bool OneSearch { get; init; }

    /// <summary>Called with what a search found, while its model is open.</summary>
    public Action<SearchOutcome>? Searched { get; init; }

    /// <summary>Called with an episode's trials, while its model is open; validation before test, each in the order of the interventions.</summary>
    public Action<TaskSession, IReadOnlyList<Trial>>? Swept { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<PlannedEpisode> LayOut(bool estimate, RunListener listener, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(listener);
        var timed = !estimate ? null : listener.Counting?.Invoke("timing a little of each walk", "walks", PlanGrid.Episodes(plan).Select(Alike).Distinct().Count());
        foreach (var task in PlanGrid.Episodes(plan).Select(episode => Alike(episode) with { Model = "" }).Distinct()) Draw(task);       // before any model, which may have to be downloaded
        return laid = [.. PlanGrid.Episodes(plan).Select(episode =>
        {
            cancellation.ThrowIfCancellationRequested();
            if (!drafts.TryGetValue(Alike(episode), out var draft) || (estimate && draft.Cost is null))
            {
                draft = Draft(Alike(episode), estimate, listener, cancellation);
                drafts[Alike(episode)] = draft with { Cost = Again(draft.Cost, Alike(episode)) };
                timed?.Invoke();
            }

            return draft with { Trials = draft.Trials with { Seed = episode.Seed ?? draft.Trials.Seed, Order = episode.Order } };
        })];
    }

    /// <inheritdoc/>
    public void Run(Journal? journal, Shard shard, TimeProvider clock, RunListener listener, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(listener);
        laid ??= LayOut(estimate: false, listener, cancellation);
        Episode[] episodes = [.. PlanGrid.Episodes(plan)];
        var parts = new WorkCut([.. laid.Select(one => one.Trials.Work)]).Of(shard);
        foreach (var (done, (place, units)) in parts.Index())
        {
            var episode = episodes[place];
            var model = models.Open(episode.Model);
            if (journal is not null) listener.Opened?.Invoke(model.Checkpoint.Name, model.Digest);
            listener.Begun?.Invoke(new BegunWalk(laid[place], done + 1, parts.Count));
            if (plan.Searches) Search(Open(model, episode), units, (journal, clock), listener, cancellation);
            else Sweep(Open(model, episode), units, (journal, clock), listener, cancellation);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => models.Dispose();

    // Seeds and orders change which rows are asked, not how many trials there are nor, but for the lengths of texts, what they take.
    private Episode Alike(Episode episode) => episode with { Seed = plan.Seeds.IsEmpty ? null : plan.Seeds[0], Order = null };

    // Exact factors serve every seed and order; a randomised decomposition is of its own seed.
    private PlannedCost? Again(PlannedCost? cost, Episode episode) =>
        cost is not null && Draw(episode with { Model = "" }).Settings.Svd == SvdKind.Exact ? cost with { Decompositions = default } : cost;

    private TaskSession Open(ModelSession model, Episode episode)
    {
        if (last is { } known && known.Episode == episode && ReferenceEquals(known.Task.Model, model)) return known.Task;
        var (settings, sample) = Draw(episode with { Model = "" });
        var task = new TaskSession(model, settings, sample);
        last = (episode, task);
        return task;
    }

    private (TaskSettings Settings, Sample Sample) Draw(Episode task)
    {
        if (drawn is { } known && known.Episode == task) return (known.Settings, known.Sample);
        var settings = task.Settings(plan, data);
        var sample = settings.Draw();
        drawn = (task, settings, sample);
        return (settings, sample);
    }

    private PlannedEpisode Draft(Episode episode, bool estimate, RunListener listener, CancellationToken cancellation)
    {
        var model = models.Open(episode.Model);
        var task = Open(model, episode);
        var cost = estimate && model.Kind == EngineKind.Walk ? costs.Of(task, () => Walks(task, listener), cancellation) : null;
        var work = new EpisodeWork(task, Splits);       // of items that are tokens by now, where a cost is told
        var planned = new PlannedTrials(model.Checkpoint.Name, task.Variant.Name, task.Variant.Protocol.ToString().ToLowerInvariant(), task.Seed, task.Shots, null, [], 0, 1, 1);
        planned = plan.Searches ? Searches(planned, task, [.. TriesOf(task, listener).Select(one => one.Settings)], work)
            : planned with { Work = work.OfSweep(models.InCutOrder(model, listener)), Least = Splits.Length, Most = Splits.Length };
        return new PlannedEpisode(planned, cost);
    }

    // The unedited model on validation and on test, whatever the module; for each the rates above 0, and its choice on test unless that is 0.
    private PlannedTrials Searches(PlannedTrials planned, TaskSession task, IReadOnlyList<SearchSettings> tries, EpisodeWork work)
    {
        var (edits, others) = (tries.Select(one => one.Layers.Length * one.Rates.Count(rate => !rate.IsZero)).ToArray(), plan.ByShots.Count(shots => shots != task.Shots));
        return planned with
        {
            Work = [.. tries.Select(one => work.OfSearch(Algorithm1.Plan(task.Model.Spec, one)))],
            Common = 2 + others,
            Least = edits.Min(),
            Most = edits.Max() + 1 + others + (tries.Any(one => one.Pointed is not null) ? 1 : 0),
            Search = OneSearch ? OnlySearch(task, tries.Single()) : null,
        };
    }

    private static PlannedSearch OnlySearch(TaskSession task, SearchSettings settings) =>
        new(settings.Module.Name, settings.Layers, task.Key(null) with { Model = task.Model.Digest }, task.Validation().Digest(), task.Test().Digest());

    private string[] Splits => plan.Searches || plan.Split == "both" ? ["validation", "test"] : [plan.Split];

    // What a search will test is not known before: the last of its tries stands for it.
    private List<IReadOnlyList<TrialRequest>> Walks(TaskSession task, RunListener listener)
    {
        if (!plan.Searches) return [Requests(task, InterventionsOf(task.Model, listener))];
        var walks = new List<IReadOnlyList<TrialRequest>>();
        foreach (var one in TriesOf(task, listener))
        {
            var tries = Algorithm1.Plan(task.Model.Spec, one.Settings);
            walks.Add([.. tries.Select(intervention => new TrialRequest(task.Validation(), intervention)), new TrialRequest(task.Test(), Intervention.None)]);
            walks.AddRange(plan.ByShots.Append(task.Shots).Distinct().Select(task.WithShots).Select(other => new[] { new TrialRequest(other.Test(), tries[^1]) }));
        }

        return walks;
    }

    private void Sweep(TaskSession task, Range units, (Journal? Journal, TimeProvider Clock) keep, RunListener listener, CancellationToken cancellation)
    {
        var trials = task.Runner(keep.Journal, keep.Clock).Run(Requests(task, models.Cut(task.Model, units, listener)), [], listener.Worked, cancellation);
        Swept?.Invoke(task, trials);
    }

    private TrialRequest[] Requests(TaskSession task, ImmutableArray<Intervention> interventions)
    {
        QuerySet[] sets = [.. Splits.Select(split => split == "test" ? task.Test() : task.Validation())];
        return [.. from set in sets from one in interventions select new TrialRequest(set, one)];
    }

    private void Search(TaskSession task, Range units, (Journal? Journal, TimeProvider Clock) keep, RunListener listener, CancellationToken cancellation)
    {
        var (validation, test) = (task.Validation(), task.Test());
        var study = ShotsStudy.Of(task, plan.ByShots);
        foreach (var one in TriesOf(task, listener).ToArray()[units])
        {
            var result = new Algorithm1(task.Runner(keep.Journal, keep.Clock), task.Model.Spec, task.Variant.Metric, one.Settings).Run(validation, test, listener.Worked, cancellation);
            var byShots = study.Run(keep.Journal, keep.Clock, result.Chosen.Intervention, listener.Worked, cancellation);
            Searched?.Invoke(new SearchOutcome(task, one, result, byShots, [.. task.Notes(test), .. task.Notes(validation), .. one.Note is { } note ? [note] : Array.Empty<string>()]));
        }
    }

    private ImmutableArray<Intervention> InterventionsOf(ModelSession model, RunListener listener) => models.Interventions(model, listener);

    private IEnumerable<SearchedLayers> TriesOf(TaskSession task, RunListener listener) =>
        plan.Modules.Select(module => SearchedLayers.Of(plan, module, task.Variant, task.Model.Spec, () => models.Choice(task.Model, module, listener)));
}
