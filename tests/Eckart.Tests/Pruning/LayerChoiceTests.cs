using Eckart.Models;
using Eckart.Pruning;

namespace Eckart.Tests.Pruning;

public sealed class LayerChoiceTests
{
    [Fact]
    public void The_deepest_of_the_top_layers_is_chosen()
    {
        var choice = Choose([9, 1, 8, 2, 7, 3, 4, 5, 6], top: 3);

        Assert.Equal([0, 2, 4], choice.Top);
        Assert.Equal(4, choice.Layer);
        Assert.Equal([9, 1, 8, 2, 7, 3, 4, 5, 6], choice.ByLayer);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(100, 4)]
    public void The_layers_looked_at_are_as_many_as_asked_for_but_at_most_a_third(int top, int expected)
    {
        var choice = Choose([9, 1, 8, 2, 7, 3, 4, 5, 6, 0, 0], top);

        Assert.Equal(Math.Min(top, 3), choice.Top.Length);
        Assert.Equal(expected, choice.Layer);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(5, 0)]
    [InlineData(6, 1)]
    public void At_least_one_layer_is_looked_at(int layers, int expected)
    {
        var choice = Choose([.. Enumerable.Range(0, layers).Select(layer => 10.0 - layer)], top: 3);

        Assert.Equal(expected, choice.Layer);
    }

    [Fact]
    public void Of_equal_layers_the_deeper_is_looked_at()
    {
        var choice = Choose([5, 7, 5, 5, 1, 1], top: 2);

        Assert.Equal([1, 3], choice.Top);
        Assert.Equal(3, choice.Layer);
    }

    [Fact]
    public void Singular_layers_rank_first_the_deepest_before_the_others()
    {
        var choice = Choose([null, 7e300, null, 1, 1, 1], top: 1);

        Assert.Equal(2, choice.Layer);
        Assert.Equal(double.PositiveInfinity, choice.ByLayer[0]);
    }

    [Theory]
    [InlineData(Aggregate.Max, 16)]
    [InlineData(Aggregate.Mean, 7)]
    [InlineData(Aggregate.Median, 4)]
    [InlineData(Aggregate.Geometric, 4)]
    public void Matrices_become_one_number_a_layer(Aggregate aggregate, double expected)
    {
        var spectra = new[] { (Projection.Down, 4.0), (Projection.Gate, 16.0), (Projection.Up, 1.0) }.Select(one => Spectrum(0, one.Item1, one.Item2));

        Assert.Equal(expected, LayerChoice.Of(spectra, Module.Mlp, Indicator.Condition, aggregate, 3).ByLayer.Single(), 1e-12);
    }

    [Fact]
    public void The_median_of_an_even_number_is_the_mean_of_the_two_in_the_middle()
    {
        var spectra = Module.Attention.Projections.Select((projection, i) => Spectrum(0, projection, 1 + (i * i)));

        Assert.Equal(3.5, LayerChoice.Of(spectra, Module.Attention, Indicator.Condition, Aggregate.Median, 3).ByLayer.Single());
    }

    [Theory]
    [InlineData(Aggregate.Max)]
    [InlineData(Aggregate.Mean)]
    [InlineData(Aggregate.Geometric)]
    public void One_singular_matrix_makes_its_layer_infinite(Aggregate aggregate)
    {
        MatrixSpectrum[] spectra = [Spectrum(0, Projection.Up, 2), Spectrum(0, Projection.Down, null)];

        Assert.Equal(double.PositiveInfinity, LayerChoice.Of(spectra, Module.Mlp, Indicator.Condition, aggregate, 3).ByLayer.Single());
    }

    [Theory]
    [InlineData(Indicator.Condition, 30)]
    [InlineData(Indicator.Largest, 90)]
    [InlineData(Indicator.StableRank, -2.5)]
    [InlineData(Indicator.EffectiveRank, -3.5)]
    public void Every_indicator_is_its_own_measure_and_low_ranks_rank_high(Indicator indicator, double expected)
    {
        MatrixSpectrum[] spectra = [Spectrum(0, Projection.Down, 30)];

        Assert.Equal(expected, LayerChoice.Of(spectra, Module.Mlp, indicator, Aggregate.Max, 3).ByLayer.Single());
        Assert.Equal(expected, LayerChoice.Of(spectra, Module.Mlp, indicator, Aggregate.Geometric, 3).ByLayer.Single(), 1e-12);
    }

    [Fact]
    public void Matrices_of_other_modules_are_passed_over_and_layers_may_come_in_any_order()
    {
        MatrixSpectrum[] spectra = [Spectrum(1, Projection.Down, 2), Spectrum(0, Projection.Query, 99), Spectrum(0, Projection.Down, 3), Spectrum(1, Projection.Key, null)];

        var choice = LayerChoice.Of(spectra, Module.Mlp, Indicator.Condition, Aggregate.Max, 3);

        Assert.Equal([3, 2], choice.ByLayer);
        Assert.Equal(0, choice.Layer);
    }

    [Fact]
    public void At_least_one_layer_has_to_be_asked_for()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Choose([1, 2, 3], top: 0));
    }

    private static LayerChoice Choose(double?[] conditions, int top) =>
        LayerChoice.Of(conditions.Select((condition, layer) => Spectrum(layer, Projection.Down, condition)), Module.Mlp, Indicator.Condition, Aggregate.Max, top);

    private static MatrixSpectrum Spectrum(int layer, Projection projection, double? condition) =>
        new(new WeightSite(layer, projection), [16, 24], new SpectralSummary(90, 90 / (condition ?? double.PositiveInfinity), condition, 2.5, 3.5, 1, 0, 0, 0));
}
