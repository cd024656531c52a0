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
