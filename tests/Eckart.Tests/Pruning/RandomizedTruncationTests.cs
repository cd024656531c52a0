using Eckart.Pruning;
using TorchSharp;

namespace Eckart.Tests.Pruning;

public sealed class RandomizedTruncationTests
{
    [Fact]
    public void The_same_seed_gives_the_same_bits_and_another_other_ones()
    {
        using var scope = torch.NewDisposeScope();
        var weight = SomeMatrix.Normal(12, 20, seed: 7);

        var first = SomeMatrix.Bits(RandomizedTruncation.Truncate(weight, 3, seed: 5));
        torch.randn(100);

        Assert.Equal(first, SomeMatrix.Bits(RandomizedTruncation.Truncate(weight, 3, seed: 5)));
        Assert.NotEqual(first, SomeMatrix.Bits(RandomizedTruncation.Truncate(weight, 3, seed: 6)));
    }

    [Theory]
    [InlineData(12, 20, 4)]
    [InlineData(20, 12, 4)]
    [InlineData(12, 12, 1)]
    public void On_a_spectrum_that_falls_off_it_is_all_but_the_best(int m, int n, int rank)
    {
        using var scope = torch.NewDisposeScope();
        double[] values = [.. Enumerable.Range(0, 12).Select(i => Math.Pow(4, -i))];
        var weight = SomeMatrix.WithSpectrum(m, n, values, seed: 3);

        var truncated = RandomizedTruncation.Truncate(weight, rank, seed: -1);

        var best = Math.Sqrt(values[rank..].Sum(value => value * value));
        Assert.InRange(SomeMatrix.Distance(weight, truncated), best * (1 - 1e-6), best * 1.05);
        Assert.All(SingularValues.Of(truncated)[rank..], value => Assert.Equal(0, value, 1e-6));
    }

    [Theory]
    [InlineData(12, 20)]
    [InlineData(20, 12)]
    public void At_full_rank_it_is_the_matrix(int m, int n)
    {
        using var scope = torch.NewDisposeScope();
        var weight = SomeMatrix.Normal(m, n, seed: 7);

        var truncated = RandomizedTruncation.Truncate(weight, 12, seed: 5);

        Assert.Equal(0, SomeMatrix.Distance(weight, truncated), 1e-5 * SomeMatrix.Distance(weight, torch.zeros_like(weight)));
    }

    [Theory]
    [InlineData(12, 20)]
    [InlineData(20, 12)]
    public void Its_factors_are_an_orthonormal_basis_and_the_matrix_within_it(int m, int n)
    {
        using var scope = torch.NewDisposeScope();
        var weight = SomeMatrix.Normal(m, n, seed: 7);

        using var factors = RandomizedTruncation.Factors(weight, 4, seed: 5);

        Assert.Equal(0, SomeMatrix.Distance(torch.eye(4), factors.Right.mm(factors.Right.t())), 1e-6);
        Assert.Equal(0, SomeMatrix.Distance(weight.mm(factors.Right.t()), factors.Left), 1e-5);
        Assert.Equal(SomeMatrix.Bits(RandomizedTruncation.Truncate(weight, 4, seed: 5)), SomeMatrix.Bits(factors.Truncate(4)));
    }

    [Fact]
    public void It_leaves_exactly_one_tensor_behind()
    {
        using var scope = torch.NewDisposeScope();
        var weight = SomeMatrix.Normal(8, 8, seed: 7);
        var before = scope.DisposablesCount;

        RandomizedTruncation.Truncate(weight, 2, seed: 5);

        Assert.Equal(1, scope.DisposablesCount - before);
    }

    [Fact]
    public void Ranks_are_from_one_to_the_smaller_dimension_of_a_matrix()
    {
        using var scope = torch.NewDisposeScope();
        var weight = SomeMatrix.Normal(6, 4, seed: 7);

        Assert.Throws<ArgumentOutOfRangeException>(() => RandomizedTruncation.Truncate(weight, 0, seed: 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomizedTruncation.Truncate(weight, 5, seed: 5));
        Assert.Throws<ArgumentException>(() => RandomizedTruncation.Truncate(torch.ones(4), 1, seed: 5));
    }
}
