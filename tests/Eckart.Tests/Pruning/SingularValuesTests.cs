using Eckart.Pruning;
using TorchSharp;

namespace Eckart.Tests.Pruning;

public sealed class SingularValuesTests
{
    // Squaring leaves of the smallest value's 16 digits twice as few as the condition number has: at 1e7 hardly two.
    [Theory]
    [InlineData(6, 9, 10)]
    [InlineData(9, 6, 9e4)]
    [InlineData(6, 9, 1.1e5)]
    [InlineData(9, 6, 1e7)]
    [InlineData(6, 6, 1e7)]
    public void Values_are_those_that_the_matrix_was_made_of(int m, int n, double condition)
    {
        using var scope = torch.NewDisposeScope();
        double[] expected = [.. Enumerable.Range(0, 6).Select(i => 3 * Math.Pow(condition, -i / 5.0))];

        var values = SingularValues.Of(SomeMatrix.WithSpectrum(m, n, expected, seed: 3));

        Assert.Equal(6, values.Length);
        Assert.All(expected.Zip(values), pair => Assert.Equal(pair.First, pair.Second, 1e-5 * pair.First));
    }

    [Fact]
    public void Both_ways_agree_where_either_may_be_taken()
    {
        using var scope = torch.NewDisposeScope();
        var matrix = SomeMatrix.WithSpectrum(40, 60, [.. Enumerable.Range(0, 40).Select(i => Math.Pow(9e4, -i / 39.0))], seed: 5);

        var values = SingularValues.Of(matrix);

        var direct = torch.linalg.svdvals(matrix).data<double>().ToArray();
        Assert.All(direct.Zip(values), pair => Assert.Equal(pair.First, pair.Second, 1e-5 * pair.First));
    }

    [Fact]
    public void A_singular_matrix_has_a_smallest_value_of_zero_and_no_condition_number()
    {
        using var scope = torch.NewDisposeScope();
        var half = SomeMatrix.Normal(5, 8, seed: 1);
        var matrix = torch.cat([half, half], 0);                            // (10, 8) of rank 5

        var values = SingularValues.Of(matrix);

        Assert.Equal([0, 0, 0], values[5..]);
        Assert.All(values[..5], value => Assert.True(value > 0.1));
        Assert.Null(SpectralSummary.Of(values, 10, 8, 1).Condition);
    }

    [Fact]
    public void The_zero_matrix_has_values_of_zero()
    {
        using var scope = torch.NewDisposeScope();

        Assert.Equal([0, 0, 0], SingularValues.Of(torch.zeros(3, 5)));
    }

    [Fact]
    public void Nothing_is_left_behind()
    {
        using var scope = torch.NewDisposeScope();
        var matrix = SomeMatrix.Normal(5, 8, seed: 1);
        var before = scope.DisposablesCount;

        SingularValues.Of(matrix);

        Assert.Equal(before, scope.DisposablesCount);
    }

    [Fact]
    public void Only_matrices_have_singular_values()
    {
        using var scope = torch.NewDisposeScope();

        Assert.Throws<ArgumentException>(() => SingularValues.Of(torch.ones(4)));
    }
}
