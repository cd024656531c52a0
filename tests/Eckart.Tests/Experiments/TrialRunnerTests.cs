using Eckart.Engine;
using Eckart.Experiments;
using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Tests.Experiments;

public sealed class TrialRunnerTests : IDisposable
{
    private readonly TinyRun run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public void A_trial_has_the_engines_scores_and_ranks_under_a_key_of_its_own()
    {
        var intervention = run.Tiny.Resolve("key@1:0.5");

        var trial = One(run.Runner(null), run.Test, intervention);

        TrialScores? scores = null;
        run.Engine.Score([new ScoreRequest(run.Test.Queries, intervention)], [], (_, answer) => scores = answer, null, TestContext.Current.CancellationToken);
        Assert.Equal(scores!.Scores, trial.Scores);
        Assert.Equal(run.Key with { Split = "test", Rows = run.Test.Digest(), Intervention = "key@1:0.5" }, trial.Key);
        Assert.Equal(("key@1", 4), (trial.Ranks.Single().Key, trial.Ranks.Single().Value));
        Assert.Equal((8, "test", null), (trial.N, trial.Split, trial.AccuracyAsPublished));
        Assert.Equal(run.Test.Rows, trial.Rows);
        Assert.Equal(run.Test.Gold, trial.Gold);
    }

    [Fact]
    public void The_accuracy_as_published_divides_by_what_the_published_code_does()
    {
        var trial = One(run.Runner(null, shortfall: 1), run.Test, run.Tiny.Resolve("drop@0"));

        Assert.True(trial.Correct > 0);
        Assert.Equal(trial.Correct / 7.0, trial.AccuracyAsPublished);
    }

    [Fact]
    public void A_trial_of_the_journal_is_not_run_again()
    {
        using var journal = Journal.Open(run.Folder("run"));

        var first = One(run.Runner(journal), run.Validation, Intervention.None);
        var second = One(run.Runner(journal), run.Validation, Intervention.None);

        Assert.Same(first, second);
        Assert.Equal(["none 6"], run.Engine.Asked);
    }

    [Fact]
    public void A_clock_that_runs_backwards_changes_neither_trials_nor_makes_seconds_negative()
    {
        using (var journal = Journal.Open(run.Folder("back"))) One(run.Runner(journal, clock: new BackwardClock()), run.Validation, Intervention.None);
        using (var journal = Journal.Open(run.Folder("on"))) One(run.Runner(journal), run.Validation, Intervention.None);

        Assert.Equal(run.Lines("on"), run.Lines("back"));
        Assert.EndsWith("\"seconds\":0}\n", File.ReadAllText(Path.Combine(run.Folder("back"), "timings.jsonl")), StringComparison.Ordinal);
    }

    [Fact]
    public void Trials_come_in_the_order_asked_for_whatever_the_journal_had()
    {
        using var journal = Journal.Open(run.Folder("run"));
        var runner = run.Runner(journal);
        var known = One(runner, run.Test, run.Tiny.Resolve("drop@0"));

        var trials = runner.Run([new(run.Test, Intervention.None), new(run.Test, run.Tiny.Resolve("drop@0")), new(run.Validation, run.Tiny.Resolve("mlp@1:0.5"))], [], null, TestContext.Current.CancellationToken);

        Assert.Equal(["none test", "drop@0 test", "mlp@1:0.5 validation"], trials.Select(trial => $"{trial.Intervention} {trial.Split}"));
        Assert.Same(known, trials[1]);
        Assert.Equal(3, journal.Trials.Count);
    }

    [Fact]
    public void Another_split_intervention_or_task_is_another_trial()
    {
        using var journal = Journal.Open(run.Folder("run"));
        var runner = run.Runner(journal);

        One(runner, run.Validation, Intervention.None);
        One(runner, run.Validation with { Split = "test" }, Intervention.None);
        One(runner, run.Test, Intervention.None);
        One(runner, run.Test, run.Tiny.Resolve("drop@0"));

        Assert.Equal(4, journal.Trials.Select(trial => trial.Id).Distinct().Count());
    }

    [Fact]
    public void Nothing_is_kept_of_a_trial_that_is_cancelled()
    {
        using var journal = Journal.Open(run.Folder("run"));
        using var cancellation = new CancellationTokenSource();

        Assert.ThrowsAny<OperationCanceledException>(() => run.Runner(journal).Run([new(run.Test, Intervention.None)], [], _ => cancellation.Cancel(), cancellation.Token));

        Assert.Empty(journal.Trials);
        Assert.Empty(run.Lines("run"));
    }

    private static Trial One(TrialRunner runner, QuerySet set, Intervention intervention) =>
        runner.Run([new TrialRequest(set, intervention)], [], null, TestContext.Current.CancellationToken)[0];

    private sealed class BackwardClock : TimeProvider
    {
        private long now = long.MaxValue / 2;

        public override long GetTimestamp() => Interlocked.Add(ref now, -TimestampFrequency);
    }
}
