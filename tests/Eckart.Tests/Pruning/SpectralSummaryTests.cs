using Eckart.Pruning;
using Eckart.Tests.Statistics;
using TorchSharp;

namespace Eckart.Tests.Pruning;

public sealed class SpectralSummaryTests
{
    [Fact]
    public void Measures_are_those_of_NumPy()
    {
        foreach (var entry in StatisticsGolden.Read("spectra").EnumerateArray())
        {
            var rows = entry.GetProperty("matrix").Rows();

            var summary = Summarise(rows);

            StatisticsGolden.Close(entry.Number("largest"), summary.Largest);
            StatisticsGolden.Close(entry.Number("smallest"), summary.Smallest);
            StatisticsGolden.Close(entry.Number("condition"), summary.Condition!.Value);
            StatisticsGolden.Close(entry.Number("stable_rank"), summary.StableRank);
            StatisticsGolden.Close(entry.Number("effective_rank"), summary.EffectiveRank);
            Assert.Equal(entry.Integer("rank_of_90_percent_energy"), summary.RankOf90PercentEnergy);
            StatisticsGolden.Close(entry.Number("marchenko_pastur_edge"), summary.MarchenkoPasturEdge);
            Assert.Equal(entry.Integer("above_edge"), summary.AboveEdge);
            StatisticsGolden.Close(entry.Number("laser_rmt_threshold"), summary.LaserRmtThreshold);
        }
    }

    [Fact]
    public void Equal_singular_values_have_full_rank_by_every_measure()
    {
        var summary = SpectralSummary.Of([2, 2, 2, 2], 4, 9, entryStandardDeviation: 1);

        Assert.Equal((1, 4), (summary.Condition, summary.StableRank));
        Assert.Equal(4, summary.EffectiveRank, 1e-12);
        Assert.Equal((4, 5, 0), (summary.RankOf90PercentEnergy, summary.MarchenkoPasturEdge, summary.AboveEdge));
    }

    [Fact]
    public void A_smallest_value_of_zero_has_no_condition_number()
    {
        var summary = SpectralSummary.Of([3, 0], 2, 5, 0.1);

        Assert.Null(summary.Condition);
        Assert.Equal((1, 1, 1), (summary.StableRank, summary.EffectiveRank, summary.RankOf90PercentEnergy));
    }

    [Fact]
    public void The_zero_matrix_has_rank_zero_by_every_measure()
    {
        var summary = SpectralSummary.Of([0, 0], 2, 2, 0);

        Assert.Null(summary.Condition);
        Assert.Equal((0, 0, 0, 0), (summary.StableRank, summary.EffectiveRank, summary.RankOf90PercentEnergy, summary.AboveEdge));
    }

    [Theory]
    [InlineData(1.0, 2.0)]
    [InlineData(1.0, -1.0)]
    [InlineData(double.NaN, 1.0)]
    [InlineData(double.PositiveInfinity, 1.0)]
    public void Values_that_are_no_spectrum_are_refused(double first, double second)
    {
        Assert.Throws<ArgumentException>(() => SpectralSummary.Of([first, second], 2, 3, 0.1));
    }

    [Fact]
    public void Another_number_of_values_than_the_shape_has_is_refused()
    {
        Assert.Throws<ArgumentException>(() => SpectralSummary.Of([1.0], 2, 3, 0.1));
    }

    private static SpectralSummary Summarise(double[][] rows)
    {
        using var scope = torch.NewDisposeScope();
        double[] entries = [.. rows.SelectMany(row => row)];
        var matrix = torch.tensor(entries, rows.Length, rows[0].Length);   // float64
        var mean = entries.Average();
        var deviation = Math.Sqrt(entries.Average(entry => (entry - mean) * (entry - mean)));

        var singularValues = torch.linalg.svdvals(matrix).data<double>().ToArray();

        return SpectralSummary.Of(singularValues, rows.Length, rows[0].Length, deviation);
    }
}
