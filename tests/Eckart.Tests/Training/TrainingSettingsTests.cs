using Eckart.Training;

namespace Eckart.Tests.Training;

public sealed class TrainingSettingsTests
{
    private static readonly TrainingSettings Settings = new() { Family = "llama", Steps = 1000, WarmUp = 100, LearningRate = 2, Floor = 0.1, WeightDecay = 0.01, LateWeightDecay = 0.7, LateFrom = 0.75 };

    [Theory]
    [InlineData(0, 0.02)]
    [InlineData(49, 1)]
    [InlineData(99, 2)]
    [InlineData(100, 2)]
    [InlineData(550, 1.1)]
    [InlineData(1000, 0.2)]
    public void The_learning_rate_rises_in_a_line_and_falls_by_a_cosine_to_its_floor(long step, double expected) =>
        Assert.Equal(expected, Settings.LearningRateAt(step), 1e-12);

    [Theory]
    [InlineData(0, 0.01)]
    [InlineData(749, 0.01)]
    [InlineData(750, 0.7)]
    public void The_decay_changes_once(long step, double expected) => Assert.Equal(expected, Settings.WeightDecayAt(step));
}
