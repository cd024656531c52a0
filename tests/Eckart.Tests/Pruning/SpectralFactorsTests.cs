using System.Globalization;
using Eckart.Pruning;
using Eckart.Tests.Statistics;
using TorchSharp;

namespace Eckart.Tests.Pruning;

public sealed class SpectralFactorsTests
{
    [Theory]
    [InlineData(6, 4, 2)]
    [InlineData(4, 6, 3)]
    [InlineData(5, 5, 1)]
    [InlineData(4, 6, 4)]
    public void Error_equals_the_norm_of_the_dropped_singular_values(int m, int n, int rank)
    {
        using var scope = torch.NewDisposeScope();
        var weight = SomeMatrix.Normal(m, n, seed: 7);
        using var factors = SpectralFactors.Of(weight);

        var error = SomeMatrix.Distance(weight, factors.Truncate(rank));

        var dropped = torch.linalg.svdvals(weight.to(torch.float64)).data<double>().ToArray()[rank..];
        Assert.Equal(Math.Sqrt(dropped.Sum(value => value * value)), error, 1e-5);
    }

    [Fact]
    public void Truncation_errors_are_those_of_NumPy()
    {
        foreach (var entry in StatisticsGolden.Read("spectra").EnumerateArray())
        {
            using var scope = torch.NewDisposeScope();
            var rows = entry.GetProperty("matrix").Rows();
            var weight = torch.tensor(rows.SelectMany(row => row).ToArray(), rows.Length, rows[0].Length);
            var norm = entry.Number("frobenius");
            using var factors = SpectralFactors.Of(weight);

            foreach (var error in entry.GetProperty("truncation_error").EnumerateObject())
            {
                var rank = new ClippingRate(decimal.Parse(error.Name, CultureInfo.InvariantCulture)).KeptRank(rows.Length, rows[0].Length);

                Assert.Equal(error.Value.GetDouble(), SomeMatrix.Distance(weight, factors.Truncate(rank)), 1e-6 * norm);
            }

            Assert.Equal(norm, SomeMatrix.Distance(weight, torch.zeros_like(weight)), 1e-9 * norm);
        }
    }

    // Squaring the matrix costs half of the digits of a small singular value, but none of a truncation.
    [Theory]
    [InlineData(40, 60, 1e2)]
    [InlineData(60, 40, 1e2)]
    [InlineData(40, 60, 1e7)]
    [InlineData(60, 40, 1e7)]
    [InlineData(40, 40, 1e12)]
    [InlineData(60, 40, 1e12)]
    public void A_large_condition_number_costs_no_digit(int m, int n, double condition)
    {
        using var scope = torch.NewDisposeScope();
        double[] values = [.. Enumerable.Range(0, 40).Select(i => Math.Pow(condition, -i / 39.0))];
        var weight = SomeMatrix.WithSpectrum(m, n, values, seed: 3);
        var norm = Math.Sqrt(values.Sum(value => value * value));
        using var factors = SpectralFactors.Of(weight);

        foreach (var rank in (int[])[1, 4, 10, 20, 39, 40])
        {
            var error = SomeMatrix.Distance(weight, factors.Truncate(rank));

            Assert.Equal(Math.Sqrt(values[rank..].Sum(value => value * value)), error, 3e-7 * norm);
        }
    }

    [Theory]
    [InlineData(10, 8)]
    [InlineData(8, 10)]
    public void A_singular_matrix_is_whole_at_its_own_rank(int m, int n)
    {
        using var scope = torch.NewDisposeScope();
        var weight = SomeMatrix.Normal(m, 5, seed: 1).mm(SomeMatrix.Normal(5, n, seed: 2));
        using var factors = SpectralFactors.Of(weight);
        using var zero = SpectralFactors.Of(torch.zeros(m, n));

        Assert.Equal(0, SomeMatrix.Distance(weight, factors.Truncate(5)), 1e-5);
        Assert.Equal(0, SomeMatrix.Distance(weight, factors.Truncate(8)), 1e-5);
        Assert.True(SomeMatrix.Distance(weight, factors.Truncate(4)) > 0.1);
        Assert.Equal(0, SomeMatrix.Distance(torch.zeros(m, n), zero.Truncate(8)));
    }

    [Theory]
    [InlineData(6, 4)]
    [InlineData(4, 6)]
    [InlineData(5, 5)]
    public void The_smaller_sides_factor_is_orthonormal_and_the_other_carries_the_singular_values(int m, int n)
    {
        using var scope = torch.NewDisposeScope();
        var weight = SomeMatrix.Normal(m, n, seed: 7);
        using var factors = SpectralFactors.Of(weight);

        var (plain, scaled) = m <= n ? (factors.Left.t(), factors.Right) : (factors.Right, factors.Left.t());     // terms as rows

        var values = torch.linalg.svdvals(weight);
        Assert.Equal(0, SomeMatrix.Distance(torch.eye(values.shape[0]), plain.mm(plain.t())), 1e-6);
        Assert.Equal(0, SomeMatrix.Distance(values.square().diag(), scaled.mm(scaled.t())), 1e-5);
        Assert.All([factors.Left, factors.Right], factor => Assert.Equal((torch.float32, true), (factor.dtype, factor.is_contiguous())));
    }

    [Fact]
    public void Known_factors_are_taken_over_from_their_scope()
    {
        using var scope = torch.NewDisposeScope();
        SpectralFactors factors;
        using (torch.NewDisposeScope())
            factors = SpectralFactors.FromParts(SomeMatrix.Normal(6, 3, seed: 1), SomeMatrix.Normal(3, 4, seed: 2));

        var product = factors.Truncate(2);

        Assert.Equal(0, SomeMatrix.Distance(SomeMatrix.Normal(6, 3, seed: 1).narrow(1, 0, 2).mm(SomeMatrix.Normal(3, 4, seed: 2).narrow(0, 0, 2)), product), 1e-6);
        Assert.Throws<ArgumentOutOfRangeException>(() => factors.Truncate(4));
        factors.Dispose();
        Assert.True(factors.Left.IsInvalid && factors.Right.IsInvalid);
    }

    [Fact]
    public void Parts_that_do_not_fit_are_refused()
    {
        using var scope = torch.NewDisposeScope();
        var (left, right) = (torch.ones(6, 3), torch.ones(3, 4));

        Assert.Throws<ArgumentException>(() => SpectralFactors.FromParts(left, torch.ones(2, 4)));
        Assert.Throws<ArgumentException>(() => SpectralFactors.FromParts(left, torch.ones(4, 3).t()));
        Assert.Throws<ArgumentException>(() => SpectralFactors.FromParts(left.to(torch.float64), right));
        Assert.Throws<ArgumentException>(() => SpectralFactors.FromParts(torch.ones(3), right));

        Assert.False(left.IsInvalid || right.IsInvalid);
    }

    [Fact]
    public void Truncating_leaves_exactly_one_tensor_behind()
    {
        using var scope = torch.NewDisposeScope();
        var weight = SomeMatrix.Normal(8, 8, seed: 7);
        var before = scope.DisposablesCount;
        using var factors = SpectralFactors.Of(weight);
        Assert.Equal(before, scope.DisposablesCount);

        factors.Truncate(2);

        Assert.Equal(1, scope.DisposablesCount - before);
    }

    [Fact]
    public void A_weight_of_any_dtype_is_left_alone_and_factored_in_float32()
    {
        using var scope = torch.NewDisposeScope();
        var weight = SomeMatrix.Normal(6, 4, seed: 7).to(torch.bfloat16);
        using var factors = SpectralFactors.Of(weight);

        var whole = factors.Truncate(4);

        Assert.Equal((torch.float32, torch.bfloat16), (whole.dtype, weight.dtype));
        Assert.Equal(0, SomeMatrix.Distance(weight, whole), 1e-5);
    }

    [Fact]
    public void Ranks_are_from_one_to_the_smaller_dimension()
    {
        using var scope = torch.NewDisposeScope();
        using var factors = SpectralFactors.Of(SomeMatrix.Normal(6, 4, seed: 7));

        Assert.Throws<ArgumentOutOfRangeException>(() => factors.Truncate(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => factors.Truncate(5));
    }

    [Fact]
    public void Only_matrices_have_factors()
    {
        using var scope = torch.NewDisposeScope();

        Assert.Throws<ArgumentException>(() => SpectralFactors.Of(torch.ones(4)));
    }
}
