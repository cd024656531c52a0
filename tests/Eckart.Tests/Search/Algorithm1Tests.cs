using System.Text;
using Eckart.Engine;
using Eckart.Experiments;
using Eckart.Formats;
using Eckart.Pruning;
using Eckart.Search;
using Eckart.Tasks;
using Eckart.Tests.Experiments;
using Eckart.Tests.Support;

namespace Eckart.Tests.Search;

public sealed class Algorithm1Tests : IDisposable
{
    private static readonly SearchSettings Settings = new(Module.Mlp, [0, 2], [Rate(0m), Rate(0.5m), Rate(0.9m)], 0.05);
    private readonly TinyRun run = new();

    public void Dispose() => run.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Rate_zero_is_tried_first_and_always(bool asked)
    {
        var settings = asked ? Settings : Settings with { Rates = Settings.Rates.RemoveAt(0) };

        var plan = Plan(settings);
        var result = Run(null, settings: settings);

        Assert.Equal(["none", "mlp@0:0.5", "mlp@0:0.9", "mlp@2:0.5", "mlp@2:0.9"], plan.Select(intervention => intervention.ToString()));
        Assert.Equal(plan, result.Validation.Select(candidate => candidate.Intervention));
        Assert.Equal([null, 0, 0, 2, 2], result.Validation.Select(candidate => candidate.Layer));
        Assert.All(result.Validation, candidate => Assert.Equal("validation", candidate.Trial.Split));
        Assert.Equal(("none", "test", 8), (result.Before.Intervention, result.Before.Split, result.Before.N));
        Assert.Equal((result.Chosen.Intervention.ToString(), "test"), (result.After.Intervention, result.After.Split));
    }

    // Right answers of six on validation, by candidate: none, then layer 0 and layer 2 with rates 0.5 and 0.9.
    [Theory]
    [InlineData("none", 4, 4, 4, 4, 4)]
    [InlineData("none", 4, 3, 4, 2, 4)]
    [InlineData("mlp@0:0.9", 4, 4, 5, 4, 4)]
    [InlineData("mlp@2:0.5", 4, 5, 5, 5, 5)]
    [InlineData("mlp@0:0.5", 4, 5, 5, 4, 5)]
    [InlineData("mlp@2:0.9", 4, 4, 5, 4, 5)]
    [InlineData("mlp@2:0.9", 4, 5, 5, 5, 6)]
    [InlineData("mlp@0:0.5", 0, 1, 0, 0, 0)]
    public void The_best_wins_and_of_equal_ones_the_smaller_rate_then_the_deeper_layer(string expected, params int[] correct)
    {
        using var journal = Journal.Open(run.Folder("made-up"));
        foreach (var (intervention, right) in Plan(Settings).Zip(correct)) journal.Append(MadeUp(run.Validation, intervention, right), TimeSpan.Zero);

        var result = Run(journal);

        Assert.Equal(expected, result.Chosen.Intervention.ToString());
        Assert.Equal(correct, result.Validation.Select(candidate => candidate.Trial.Correct));
        Assert.Equal(expected == "none" ? ["none 8"] : ["none 8", $"{expected} 8"], run.Engine.Asked);
        Assert.Equal(expected == "none", ReferenceEquals(result.Before, result.After));
    }

    [Fact]
    public void The_metric_of_the_task_decides()
    {
        using var journal = Journal.Open(run.Folder("made-up"));
        var plan = Plan(Settings);

        // Gold is 0, 1, 0, 1, 0, 1: all have three right, but the second answers both.
        int[][] predictions = [[0, 0, 0, 0, 0, 0], [0, 1, 1, 0, 0, 0], [1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]];
        foreach (var (intervention, predicted) in plan.Zip(predictions)) journal.Append(MadeUp(run.Validation, intervention, predicted), TimeSpan.Zero);

        var byAccuracy = Run(journal);
        var byMacroF1 = Run(journal, metric: Metric.MacroF1);

        Assert.Equal(byAccuracy.Validation.MaxBy(candidate => candidate.Trial.Accuracy)!.Intervention, byAccuracy.Chosen.Intervention);
        Assert.Equal(byMacroF1.Validation.MaxBy(candidate => candidate.Trial.MacroF1)!.Intervention, byMacroF1.Chosen.Intervention);
        Assert.Equal(("none", "mlp@0:0.5"), (byAccuracy.Chosen.Intervention.ToString(), byMacroF1.Chosen.Intervention.ToString()));
    }

    [Fact]
    public void The_comparison_and_the_controls_are_those_of_the_trials()
    {
        var result = Run(null);

        Assert.Equal(0.5, result.Majority);
        Assert.Equal((8, result.After.Correct - result.Before.Correct), (result.Comparison.N, result.Comparison.Gained - result.Comparison.Lost));
        Assert.Equal(8, result.Controls.Bias.Count);
        Assert.NotEmpty(result.Verdict);
    }

    [Fact]
    public void A_second_run_with_the_same_journal_runs_nothing_and_finds_the_same()
    {
        var found = RunIn("run");
        var lines = run.Lines("run");
        var asked = run.Engine.Asked.Count;

        var again = RunIn("run");

        Assert.Equal(found.Chosen.Intervention.IsNone ? 6 : 7, asked);
        Assert.Equal(asked, run.Engine.Asked.Count);
        Assert.Equal(Describe(found), Describe(again));
        Assert.Equal(lines, run.Lines("run"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(6)]
    public void Interrupted_and_resumed_it_writes_the_same_bytes(int reports)
    {
        var expected = Describe(RunIn("whole"));
        using var cancellation = new CancellationTokenSource();
        var told = 0;

        Assert.ThrowsAny<OperationCanceledException>(() => RunIn("halves", _ => Stop(), cancellation));
        Assert.True(run.Lines("halves").Length < run.Lines("whole").Length);
        var resumed = RunIn("halves");

        Assert.Equal(expected, Describe(resumed));
        Assert.Equal(run.Lines("whole"), run.Lines("halves"));

        void Stop()
        {
            if (++told == reports) cancellation.Cancel();
        }
    }

    [Fact]
    public void A_layer_that_the_model_lacks_is_refused_before_anything_runs()
    {
        Refused.With(() => Plan(Settings with { Layers = [5] }), "from 0 to 2", "found 5");
        Assert.Throws<InputException>(() => Run(null, _ => Assert.Fail("something ran"), settings: Settings with { Layers = [5] }));
    }

    private static ClippingRate Rate(decimal rate) => new(rate);

    private IReadOnlyList<Intervention> Plan(SearchSettings settings) => Algorithm1.Plan(run.Tiny.Model.Spec, settings);

    private Algorithm1 Algorithm(Journal? journal, SearchSettings? settings = null, Metric metric = Metric.Accuracy) =>
        new(run.Runner(journal), run.Tiny.Model.Spec, metric, settings ?? Settings);

    private SearchResult Run(Journal? journal, Action<WorkDone>? done = null, CancellationTokenSource? stop = null, SearchSettings? settings = null, Metric metric = Metric.Accuracy) =>
        Algorithm(journal, settings, metric).Run(run.Validation, run.Test, done, stop?.Token ?? TestContext.Current.CancellationToken);

    private SearchResult RunIn(string folder, Action<WorkDone>? done = null, CancellationTokenSource? stop = null)
    {
        using var journal = Journal.Open(run.Folder(folder));
        var gate = new Lock();
        return Run(journal, one =>
        {
            lock (gate) done?.Invoke(one);
        }, stop);
    }

    private Trial MadeUp(QuerySet set, Intervention intervention, int correct) =>
        MadeUp(set, intervention, [.. set.Gold.Select((gold, i) => i < correct ? gold : 1 - gold)]);

    private Trial MadeUp(QuerySet set, Intervention intervention, int[] predictions) => Trial.From(
        run.Key with { Split = set.Split, Rows = set.Digest(), Intervention = intervention.ToString() },
        new Dictionary<string, int>(),
        [.. predictions.Select(predicted => predicted == 0 ? new[] { -1.0, -2.0 } : [-2.0, -1.0])],
        set.Gold,
        set.Rows);

    private static string Describe(SearchResult result) => string.Join('\n', [
        .. result.Validation.Select(candidate => $"{candidate.Rate} {candidate.Layer} {candidate.Intervention} {Encoding.UTF8.GetString(candidate.Trial.ToJson())}"),
        $"{result.Chosen.Intervention}",
        Encoding.UTF8.GetString(result.Before.ToJson()),
        Encoding.UTF8.GetString(result.After.ToJson()),
        $"{result.Majority:R} {result.Comparison} {result.BeyondControl} {result.Verdict}",
        $"{string.Join(' ', result.Controls.Bias)} {string.Join(' ', result.Controls.Affine)}"]);
}
