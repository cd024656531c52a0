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
        using var runner = new PlanRunner(plan, model => new ModelSession(Checkpoint.Open(model), new ComputeOptions(TorchSharp.torch.CPU, TorchSharp.torch.float32, 1), new EngineOptions()), null);

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
        using var runner = new PlanRunner(plan, model => new ModelSession(Checkpoint.Open(model), new ComputeOptions(TorchSharp.torch.CPU, TorchSharp.torch.float32, 1), new EngineOptions()), null);
        var begun = new List<BegunWalk>();

        runner.Run(null, new Shard(number, of), TimeProvider.System, new RunListener { Begun = begun.Add }, TestContext.Current.CancellationToken);

        Assert.Equal(expected, string.Join(", ", begun.Select(one => $"{one.Number} of {one.Of}: {one.Episode.Trials.Seed}")));
    }
}
