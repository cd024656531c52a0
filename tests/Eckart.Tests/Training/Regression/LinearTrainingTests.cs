using Eckart.Tests.Support;
using Eckart.Theory;
using Eckart.Training.Regression;

namespace Eckart.Tests.Training.Regression;

public sealed class LinearTrainingTests
{
    private static readonly LinearTrainingSettings Small = new() { Dimensions = 2, Demonstrations = 4, Layers = 1, Steps = 400, Batch = 64, LearningRate = 0.02 };

    private static (LinearModel Model, double Error) Train(LinearTrainingSettings settings) => LinearTraining.Run(settings, (_, _) => { }, () => { }, TestContext.Current.CancellationToken);

    // One layer predicts a·Σ y_i (x_i·x) at best: with x on the sphere of radius √d its least error is 1 − N/(N + d − 1).
    [Fact]
    public void One_layer_learns_the_best_step_of_gradient_descent()
    {
        var (model, error) = Train(Small);

        Assert.InRange(error, 0.2 - 0.01, 0.2 + 0.02);
        var gaps = new LinearStudy(model, new LinearStudySettings { Prompts = 2000, FreshPoints = 10, Given = 4 }).Gaps([], () => { }, TestContext.Current.CancellationToken);
        Assert.InRange(Assert.Single(gaps).Fresh, 0.2 - 0.02, 0.2 + 0.02);
    }

    [Fact]
    public void Equal_settings_give_equal_bits_and_other_seeds_do_not()
    {
        var settings = Small with { Steps = 20, Layers = 2 };
        double[] Values(LinearTrainingSettings of) => [.. Train(of).Model.Layers.SelectMany(layer => layer.Value.Values.ToArray())];

        Assert.Equal(Values(settings), Values(settings));
        Assert.NotEqual(Values(settings), Values(settings with { Seed = 2 }));
    }

    [Fact]
    public void Reports_come_ten_times_and_steps_are_told()
    {
        var (reports, steps) = (new List<int>(), 0);

        LinearTraining.Run(Small with { Steps = 50 }, (step, _) => reports.Add(step), () => steps++, TestContext.Current.CancellationToken);

        Assert.Equal([5, 10, 15, 20, 25, 30, 35, 40, 45, 50], reports);
        Assert.Equal(50, steps);
    }

    [Theory]
    [InlineData("dim", 0)]
    [InlineData("dim", 65)]
    [InlineData("demonstrations", 1)]
    [InlineData("layers", 0)]
    [InlineData("steps", 0)]
    [InlineData("batch", 0)]
    public void What_cannot_be_trained_is_refused(string name, int value) => Refused.With(
        () => Train(name switch
        {
            "dim" => Small with { Dimensions = value },
            "demonstrations" => Small with { Demonstrations = value },
            "layers" => Small with { Layers = value },
            "steps" => Small with { Steps = value },
            _ => Small with { Batch = value },
        }),
        name,
        $"found {value}");

    [Fact]
    public void A_rate_that_is_none_is_refused() => Refused.With(() => Train(Small with { LearningRate = double.NaN }), "lr", "found NaN");

    [LongFact]
    public void The_model_that_comes_along_is_what_the_defaults_train()
    {
        var trained = Train(new LinearTrainingSettings()).Model;

        foreach (var (left, right) in trained.Layers.Zip(LinearModel.Default.Layers)) Assert.True((left.Value - right.Value).Norm <= 1e-6 * right.Value.Norm);
    }
}
