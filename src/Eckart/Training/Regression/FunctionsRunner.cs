using System.Collections.Immutable;
using Eckart.Experiments;
using Eckart.Experiments.Plans;
using Eckart.Models;

namespace Eckart.Training.Regression;

/// <summary>Runs a plan of function learning: other learners, a model after the training steps that were kept, and its last one truncated; each a line of the journal.</summary>
/// <param name="plan">What to run.</param>
/// <param name="find">Gives the folder of a model that the plan names.</param>
/// <param name="compute">Device, dtype and workers.</param>
public sealed class FunctionsRunner(Plan plan, Func<string, string> find, ComputeOptions compute) : IPlanRunner
{
    private const long UsualSeed = 1;

    /// <inheritdoc/>
    public IReadOnlyList<PlannedEpisode> LayOut(bool estimate, RunListener listener, CancellationToken cancellation) =>
    [
        .. Episodes().Select(episode =>
        {
            cancellation.ThrowIfCancellationRequested();
            var kept = KeptModel.In(find(episode.Model));
            using var checkpoint = Checkpoint.Open(kept[^1].Path);
            RegressionModel.RecipeOf(checkpoint);
            return new PlannedEpisode(new PlannedTrials(checkpoint.Name, "", "", episode.Seed, 0, null, [new UnitWork(LearnersOf(kept, checkpoint.Spec).Length, 1)], 0, 1, 1), null);
        }),
    ];

    /// <inheritdoc/>
    public void Run(Journal? journal, Shard shard, TimeProvider clock, RunListener listener, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(listener);
        var laid = LayOut(estimate: false, listener, cancellation);
        (string Model, long Seed)[] episodes = [.. Episodes()];
        foreach (var (place, units) in new WorkCut([.. laid.Select(one => one.Trials.Work)]).Of(shard))
            Run(KeptModel.In(find(episodes[place].Model)), episodes[place].Seed, units, (journal, clock), listener, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private IEnumerable<(string Model, long Seed)> Episodes() => from model in plan.Models from seed in plan.Seeds.IsEmpty ? [UsualSeed] : plan.Seeds select (model, seed);

    private ImmutableArray<StudiedLearner> LearnersOf(IReadOnlyList<KeptModel> kept, ModelSpec spec) =>
    [
        .. RegressionStudy.Baselines.Select(learner => new StudiedLearner(Other: learner)),
        .. kept.Select(one => new StudiedLearner(Kept: one)),
        new StudiedLearner(),
        .. PlanGrid.Interventions(plan, spec, _ => throw new InvalidOperationException("A plan of functions names its layers.")).Where(one => !one.IsNone).Select(one => new StudiedLearner(Intervention: one)),
    ];

    private void Run(IReadOnlyList<KeptModel> kept, long seed, Range units, (Journal? Journal, TimeProvider Clock) keep, RunListener listener, CancellationToken cancellation)
    {
        var (journal, clock) = keep;
        using var last = RegressionModel.Load(kept[^1], compute);
        var learners = LearnersOf(kept, last.Model.Spec);
        var study = new RegressionStudy(last.Recipe, new RegressionStudySettings(plan.Functions, seed, plan.Alpha, compute.Workers));
        var compared = new Lazy<ComparedModel>(() => study.Beside(last, learners.Count(one => one.Intervention is not null), cancellation));
        var digests = kept.ToDictionary(one => one, one => Opened(one, listener));
        var counted = listener.Counting?.Invoke($"functions, {kept[^1].Name}", "learners", learners[units].Length);
        foreach (var learner in learners[units])
        {
            cancellation.ThrowIfCancellationRequested();
            var since = clock.GetTimestamp();
            var key = learner.Key(plan, last.Recipe, seed, (digests[learner.Kept ?? kept[^1]], compute.Name), learners);
            if (journal?.Find(key.Id()) is null) journal?.Append(learner.Line(key, study, compared, compute, cancellation), clock.GetElapsedTime(since));
            counted?.Invoke();
        }
    }

    private static string Opened(KeptModel kept, RunListener listener)
    {
        using var checkpoint = Checkpoint.Open(kept.Path);
        var digest = checkpoint.Digest();
        listener.Opened?.Invoke(checkpoint.Name, digest);
        return digest;
    }
}
