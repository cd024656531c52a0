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
}
