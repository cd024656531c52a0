using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tests.Support;
using Eckart.Training;
using Eckart.Training.Regression;

namespace Eckart.Tests.Training.Regression;

public sealed class RegressionStudyTests
{
    private static readonly RegressionRecipe Recipe = new() { Dimensions = 3, Points = 6 };

    [Fact]
    public void Errors_are_squares_over_the_dimensions_averaged_over_functions()
    {
        var study = new RegressionStudy(Recipe, new RegressionStudySettings(500, 1, 0.05, 2));
        var seen = new List<double>();

        var errors = study.Errors(new Nothing(sample => { lock (seen) seen.Add(sample.Outputs[4] * (double)sample.Outputs[4] / 3); }), Cancellation);

        Assert.Equal(500, seen.Count);
        Assert.Equal(seen.Average(), errors.Means[4], 1e-9);
        Assert.Equal(errors.Means.Average(), errors.Mean, 1e-9);
        Assert.InRange(errors.Mean, 0.85, 1.15);
        Assert.InRange(errors.Means[4], errors.Intervals[4].Low, errors.Intervals[4].High);
    }

    [Fact]
    public void Least_squares_knows_the_function_from_as_many_examples_as_dimensions_on()
    {
        var errors = new RegressionStudy(Recipe, new RegressionStudySettings(300, 1, 0.05, 2)).Errors(new LeastSquares(), Cancellation);

        // With k of d numbers known, d − k are left.
        for (var k = 0; k < 3; k++) Assert.Equal(1 - (k / 3.0), errors.Means[k], 0.2);
        Assert.All(errors.Means.Skip(3), error => Assert.InRange(error, 0, 1e-6));
    }

    [Fact]
    public void A_truncated_model_is_compared_with_itself_and_is_itself_again_afterwards()
    {
        using var folder = new TemporaryFolder();
        using (var trainer = RegressionTraining.Open(folder.Path, SomeFunctions.Settings() with { InitialDeviation = 0.3 }, Recipe, 2))
            trainer.WriteModel(tokenizer: null);
        using var model = RegressionModel.Load(new KeptModel("model", folder.Path), ComputeOptions.Cpu);
        var study = new RegressionStudy(Recipe, new RegressionStudySettings(40, 1, 0.05, 2));
        var before = study.Errors(model, Cancellation);

        var truncated = study.Truncated(model, [Intervention.None, Intervention.Parse("mlp@1:0.9").Resolve(model.Model.Spec)], cancellation: Cancellation).Truncations;

        Assert.All(truncated[0].Differences.Means, difference => Assert.Equal(0, difference));
        Assert.Equal(before.Means, truncated[0].Errors.Means);
        Assert.Contains(truncated[1].Differences.Means, difference => difference != 0);
        Assert.Equal(truncated[1].Errors.Means[2] - before.Means[2], truncated[1].Differences.Means[2], 1e-9);
        var (alone, joint) = (truncated[1].Differences.MeanInterval, truncated[1].Differences.SimultaneousInterval!.Value);
        Assert.True(joint.Low < alone.Low && joint.High > alone.High);
        Assert.Equal(before.Means, study.Errors(model, Cancellation).Means);
    }

    [Fact]
    public void The_control_shrinks_the_predictions_of_a_model_that_knows_nothing()
    {
        using var folder = new TemporaryFolder();
        using (var trainer = RegressionTraining.Open(folder.Path, SomeFunctions.Settings() with { InitialDeviation = 0.3 }, Recipe, 2))
            trainer.WriteModel(tokenizer: null);
        using var model = RegressionModel.Load(new KeptModel("model", folder.Path), ComputeOptions.Cpu);
        var study = new RegressionStudy(Recipe, new RegressionStudySettings(100, 1, 0.05, 2));

        var found = study.Truncated(model, [Intervention.None], cancellation: Cancellation);

        Assert.InRange(found.Factor, -0.5, 0.5);
        Assert.True(found.Control.Mean < study.Errors(model, Cancellation).Mean);
        Assert.True(found.ControlDifferences.MeanInterval.High < 0);
        Assert.Equal(-found.ControlDifferences.Mean, found.Truncations[0].BeyondControl.Mean, 1e-9);
    }

    [Fact]
    public void Predictions_that_are_no_numbers_are_refused() =>
        Refused.With(() => new RegressionStudy(Recipe, new RegressionStudySettings(3, 1, 0.05, 2)).Errors(new Nothing(_ => { }, double.NaN), Cancellation), "nothing", "expected finite predictions");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private sealed class Nothing(Action<FunctionSample> seen, double prediction = 0) : IFunctionLearner
    {
        public string Name => "nothing";

        public double[] Predict(FunctionSample sample)
        {
            seen(sample);
            return [.. sample.Outputs.Select(_ => prediction)];
        }
    }
}
