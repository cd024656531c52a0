using Eckart.Statistics;
using Eckart.Training.Regression;

namespace Eckart.Tests.Training.Regression;

public sealed class FunctionSampleTests
{
    [Fact]
    public void Outputs_are_one_linear_function_of_the_inputs()
    {
        var sample = SomeFunctions.Sample(seed: 3);

        var predictions = new LeastSquares().Predict(sample);

        for (var i = sample.Dimensions; i < sample.Points; i++) Assert.Equal(sample.Outputs[i], predictions[i], 1e-4);
        Assert.True(Math.Abs(sample.Outputs[sample.Dimensions - 1] - predictions[sample.Dimensions - 1]) > 1e-3);
    }

    [Fact]
    public void Equal_streams_give_equal_samples_and_other_streams_others()
    {
        Assert.Equal(SomeFunctions.Sample(3).Inputs, SomeFunctions.Sample(3).Inputs);
        Assert.NotEqual(SomeFunctions.Sample(3).Inputs, SomeFunctions.Sample(4).Inputs);
    }

    [Fact]
    public void Inputs_and_outputs_have_the_variances_of_normal_numbers()
    {
        FunctionSample[] samples = [.. Enumerable.Range(0, 4000).Select(seed => SomeFunctions.Sample((ulong)seed))];

        Assert.InRange(samples.SelectMany(sample => sample.Inputs).Average(), -0.02, 0.02);
        Assert.InRange(samples.SelectMany(sample => sample.Inputs).Average(x => (double)x * x), 0.98, 1.02);
        Assert.InRange(samples.Average(sample => (double)sample.Outputs[0] * sample.Outputs[0]) / 4, 0.9, 1.1);
    }

    [Fact]
    public void Coordinates_that_are_left_out_are_zero()
    {
        var sample = FunctionSample.Draw(new SplitMix64(1), dimensions: 5, points: 6, active: 2);

        var columns = sample.Inputs.Index().GroupBy(one => one.Index % 5, one => one.Item).OrderBy(column => column.Key).ToArray();
        Assert.All(columns[..2], column => Assert.DoesNotContain(0f, column));
        Assert.All(columns[2..], column => Assert.All(column, x => Assert.Equal(0, x)));
        Assert.DoesNotContain(0f, sample.Outputs);
    }
}
