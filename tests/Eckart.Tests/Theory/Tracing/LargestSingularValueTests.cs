using Eckart.Theory.Tracing;
using TorchSharp;

namespace Eckart.Tests.Theory.Tracing;

public sealed class LargestSingularValueTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 1)]
    [InlineData(80, 1)]
    [InlineData(300, 1)]
    [InlineData(300, 1e-3)]
    [InlineData(300, 1e4)]
    [InlineData(100, 1e-200)]
    [InlineData(100, 1e200)]
    public void It_is_that_of_the_whole_decomposition(int size, double spread)
    {
        using var scope = torch.NewDisposeScope();
        var matrix = torch.eye(size, dtype: torch.float64).add(torch.randn([size, size], torch.float64, generator: new torch.Generator(5)).mul(torch.tensor(spread, torch.float64)));

        var expected = torch.linalg.svdvals(matrix)[0].item<double>();

        Assert.Equal(1, LargestSingularValue.Of(matrix, workers: 2) / expected, 1e-7);
    }

    [Fact]
    public void It_is_0_of_zeros_and_1_of_the_identity()
    {
        using var scope = torch.NewDisposeScope();

        Assert.Equal(0, LargestSingularValue.Of(torch.zeros([100, 100], torch.float64), workers: 2));
        Assert.Equal(1, LargestSingularValue.Of(torch.eye(100, dtype: torch.float64), workers: 2), 1e-12);
    }
}
