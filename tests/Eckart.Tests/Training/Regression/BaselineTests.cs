using Eckart.Training.Regression;
using static TorchSharp.torch;

namespace Eckart.Tests.Training.Regression;

public sealed class BaselineTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Least_squares_is_what_the_pseudo_inverse_gives(ulong seed)
    {
        using var scope = NewDisposeScope();
        var sample = SomeFunctions.Sample(seed);
        var (x, y) = Tensors(sample);

        var predictions = new LeastSquares().Predict(sample);

        Assert.Equal(0, predictions[0]);
        for (var i = 1; i < sample.Points; i++)
        {
            var weights = linalg.pinv(x.narrow(0, 0, i), 1e-12).mv(y.narrow(0, 0, i));
            Assert.Equal(x[i].dot(weights).item<double>(), predictions[i], 1e-7);
        }
    }

    [Fact]
    public void Least_squares_averages_noise()
    {
        using var scope = NewDisposeScope();
        var sample = SomeFunctions.Sample(5);
        sample = sample with { Outputs = [.. sample.Outputs.Select((y, i) => y + (i % 3) - 1)] };
        var (x, y) = Tensors(sample);

        var predicted = new LeastSquares().Predict(sample)[10];

        Assert.Equal(x[10].dot(linalg.pinv(x.narrow(0, 0, 10), 1e-12).mv(y.narrow(0, 0, 10))).item<double>(), predicted, 1e-7);
    }

    [Fact]
    public void Neighbours_are_the_three_of_the_smallest_distance()
    {
        using var scope = NewDisposeScope();
        var sample = SomeFunctions.Sample(7);
        var (x, y) = Tensors(sample);

        var predictions = new NearestNeighbours().Predict(sample);

        Assert.Equal(0, predictions[0]);
        for (var i = 1; i < sample.Points; i++)
        {
            var distances = cdist(x[i].unsqueeze(0), x.narrow(0, 0, i)).squeeze(0);
            var (_, nearest) = distances.topk(Math.Min(3, i), largest: false);
            Assert.Equal(y.index_select(0, nearest).mean().item<double>(), predictions[i], 1e-9);
        }
    }

    [Fact]
    public void Averaging_takes_the_mean_of_y_times_x()
    {
        // Examples (1, 0) → 2, (0, 1) → 3, (1, 1) → 4; mean of y·x after two (1, 1.5), after three (2, 7/3).
        var sample = new FunctionSample(2, [1, 0, 0, 1, 1, 1, 3, 6], [2, 3, 4, 0]);

        var predictions = new Averaging().Predict(sample);

        Assert.Equal([0, 0, 2.5, 20], predictions.Select(prediction => Math.Round(prediction, 12)));
    }

    private static (Tensor X, Tensor Y) Tensors(FunctionSample sample) =>
        (tensor(sample.Inputs.ToArray()).view(sample.Points, sample.Dimensions).to(float64), tensor(sample.Outputs.ToArray()).to(float64));
}
