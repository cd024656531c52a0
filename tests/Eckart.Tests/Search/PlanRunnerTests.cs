using System.Collections.Immutable;
using Eckart.Engine;
using Eckart.Experiments;
using Eckart.Experiments.Plans;
using Eckart.Models;
using Eckart.Search;
using Eckart.Tests.Cli;

namespace Eckart.Tests.Search;

public sealed class PlanRunnerTests
{
    [Theory]
    [InlineData("exact", false)]
    [InlineData("randomized", true)]
    public void Exact_decompositions_are_foretold_once_a_model_randomised_ones_for_every_seed(string svd, bool again)
    {
        using var words = new Words();
        var plan = PlanFile.Parse($"{{name: small, models: ['{words.Model}'], tasks: ['{words.Task}'], seeds: [1, 2, 3], modules: mlp, layers: all, rates: 0.5, svd: {svd}}}", "plan.yaml");
        using var runner = RunnerOf(plan);

        var costs = runner.LayOut(estimate: true, new RunListener(), TestContext.Current.CancellationToken).Select(one => one.Cost!).ToArray();

        Assert.Equal([true, again, again], costs.Select(cost => cost.Decompositions > TimeSpan.Zero));
        Assert.Single(costs.Select(cost => cost.Walk).Distinct());
    }

    [Theory]
    [InlineData(1, 1, "1 of 3: 1, 2 of 3: 2, 3 of 3: 3")]
    [InlineData(1, 2, "1 of 2: 1, 2 of 2: 2")]
    [InlineData(2, 2, "1 of 2: 2, 2 of 2: 3")]
    [InlineData(6, 6, "1 of 1: 3")]
    public void A_share_says_which_of_its_walks_is_begun(int number, int of, string expected)
    {
        using var words = new Words();
        var plan = PlanFile.Parse($"{{name: small, models: ['{words.Model}'], tasks: ['{words.Task}'], seeds: [1, 2, 3], drop: 0}}", "plan.yaml");
        using var runner = RunnerOf(plan);
        var begun = new List<BegunWalk>();

        runner.Run(null, new Shard(number, of), TimeProvider.System, new RunListener { Begun = begun.Add }, TestContext.Current.CancellationToken);

        Assert.Equal(expected, string.Join(", ", begun.Select(one => $"{one.Number} of {one.Of}: {one.Episode.Trials.Seed}")));
    }

    // By number, the first share would have what leaves the first layers, and take twice as much as the other. A model of three layers is hard to cut: a trunk a share, and units that are large.
    [Theory]
    [InlineData("layers: all", 2, 1.11, 1.03)]
    [InlineData("layers: all", 3, 1.15, 1.06)]
    [InlineData("layers: all, shots: [0, 2, 8], split: both, validation: 150", 5, 1.08, 1.04)]
    [InlineData("layers: [first 1, last 1], shots: [0, 8]", 3, 1.06, 1.03)]
    [InlineData("interventions: [PAIRS]", 2, 1.1, 1.03)]
    public void Shares_take_alike_and_little_more_than_the_whole(string grid, int of, double largest, double sum)
    {
        // As many that leave the walk twice as leave it once.
        var pairs = Enumerable.Range(1, 40).Select(i => FormattableString.Invariant($"mlp@0:{i / 50m}, mlp@0:0.5+mlp@-1:{i / 50m}"));
        var modules = grid.StartsWith("layers", StringComparison.Ordinal) ? "modules: [attention, mlp], rates: [0.1, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995], " : "";
        var plan = PlanFile.Parse($"{{name: small, models: [microworld-llama], tasks: [context], test: 100, {modules}{grid.Replace("PAIRS", string.Join(", ", pairs), StringComparison.Ordinal)}}}", "plan.yaml");
        var whole = OperationsOf(plan, Shard.Whole);

        var shares = Enumerable.Range(1, of).Select(number => OperationsOf(plan, new Shard(number, of))).ToArray();

        Assert.InRange(shares.Max() * of / (double)whole, 1, largest);
        Assert.InRange(shares.Sum() / (double)whole, 1, sum);
    }

    [Fact]
    public void A_search_of_the_first_layer_takes_more_than_one_of_the_last()
    {
        long[] work = [.. new[] { 0, -1 }.Select(layer => LaidOut($"{{name: small, models: [microworld-llama], tasks: [context], search: true, modules: mlp, layers: [{layer}], rates: [0.5, 0.6, 0.7, 0.8, 0.9]}}").Single().Each)];

        Assert.InRange(work[0] / (double)work[1], 1.5, 6);

        static ImmutableArray<UnitWork> LaidOut(string text)
        {
            using var runner = RunnerOf(PlanFile.Parse(text, "plan.yaml"));
            return runner.LayOut(estimate: false, new RunListener(), TestContext.Current.CancellationToken).Single().Trials.Work;
        }
    }

    // It reads every prompt through every layer whatever is done to them, and its rate is not known.
    [Fact]
    public void Trials_of_the_reference_take_alike()
    {
        using var runner = RunnerOf(PlanFile.Parse("{name: small, models: [microworld-llama], tasks: [context], modules: mlp, layers: all, rates: [0.5, 0.9], engine: reference}", "plan.yaml"));

        var laid = runner.LayOut(estimate: true, new RunListener(), TestContext.Current.CancellationToken).Single();

        Assert.Null(laid.Cost);
        Assert.Equal(laid.Trials.Units, Assert.Single(laid.Trials.Work).Units);
    }

    private static PlanRunner RunnerOf(Plan plan) =>
        new(plan, model => new ModelSession(Checkpoint.Open(EmbeddedModels.Find(model) ?? model), new ComputeOptions(TorchSharp.torch.CPU, TorchSharp.torch.float32, 1), new EngineOptions(), plan.Engine), null);

    private static long OperationsOf(Plan plan, Shard shard)
    {
        using var runner = RunnerOf(plan);
        var (all, walk) = (0L, 0L);
        runner.Run(null, shard, TimeProvider.System, new RunListener { Begun = _ => all += walk, Worked = done => walk = done.Planned }, TestContext.Current.CancellationToken);
        return all + walk;
    }
}
