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

        var trial = run.Runner(null).Run(run.Test, intervention, null, TestContext.Current.CancellationToken);

        var scores = run.Tiny.Engine.Score(run.Test.Queries, intervention, null, TestContext.Current.CancellationToken).Scores;
        Assert.Equal(scores, trial.Scores);
        Assert.Equal(run.Key with { Split = "test", Rows = run.Test.Digest(), Intervention = "key@1:0.5" }, trial.Key);
        Assert.Equal(("key@1", 4), (trial.Ranks.Single().Key, trial.Ranks.Single().Value));
        Assert.Equal((8, "test", null), (trial.N, trial.Split, trial.AccuracyAsPublished));
        Assert.Equal(run.Test.Rows, trial.Rows);
        Assert.Equal(run.Test.Gold, trial.Gold);
    }

    [Fact]
    public void The_accuracy_as_published_divides_by_what_the_published_code_does()
    {
        var trial = run.Runner(null, shortfall: 1).Run(run.Test, run.Tiny.Resolve("drop@0"), null, TestContext.Current.CancellationToken);

        Assert.True(trial.Correct > 0);
        Assert.Equal(trial.Correct / 7.0, trial.AccuracyAsPublished);
    }

    [Fact]
    public void A_trial_of_the_journal_is_not_run_again()
    {
        using var journal = Journal.Open(run.Folder("run"));
        var told = new List<QueriesDone>();
        void Tell(QueriesDone done)
        {
            lock (told) told.Add(done);
        }

        var first = run.Runner(journal).Run(run.Validation, Intervention.None, Tell, TestContext.Current.CancellationToken);
        var second = run.Runner(journal).Run(run.Validation, Intervention.None, Tell, TestContext.Current.CancellationToken);

        Assert.Same(first, second);
        Assert.Equal([.. Enumerable.Repeat(new QueriesDone(1, Now: true), 6), new QueriesDone(6, Now: false)], told);
    }

    [Fact]
    public void Another_split_intervention_or_task_is_another_trial()
    {
        using var journal = Journal.Open(run.Folder("run"));
        var runner = run.Runner(journal);

        runner.Run(run.Validation, Intervention.None, null, TestContext.Current.CancellationToken);
        runner.Run(run.Validation with { Split = "test" }, Intervention.None, null, TestContext.Current.CancellationToken);
        runner.Run(run.Test, Intervention.None, null, TestContext.Current.CancellationToken);
        runner.Run(run.Test, run.Tiny.Resolve("drop@0"), null, TestContext.Current.CancellationToken);

        Assert.Equal(4, journal.Trials.Select(trial => trial.Id).Distinct().Count());
    }

    [Fact]
    public void Nothing_is_kept_of_a_trial_that_is_cancelled()
    {
        using var journal = Journal.Open(run.Folder("run"));
        using var cancellation = new CancellationTokenSource();

        Assert.ThrowsAny<OperationCanceledException>(() => run.Runner(journal).Run(run.Test, Intervention.None, _ => cancellation.Cancel(), cancellation.Token));

        Assert.Empty(journal.Trials);
        Assert.Empty(run.Lines("run"));
    }
}
