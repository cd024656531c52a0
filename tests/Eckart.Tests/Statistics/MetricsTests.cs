using Eckart.Statistics;
using Eckart.Tests.Support;

namespace Eckart.Tests.Statistics;

public sealed class MetricsTests
{
    [Fact]
    public void Measures_are_those_of_scikit_learn()
    {
        foreach (var entry in StatisticsGolden.Read("metrics").EnumerateArray())
        {
            var gold = entry.GetProperty("gold").Integers();
            var prediction = entry.GetProperty("prediction").Integers();
            var classes = gold.Max() + 1;

            var metrics = Metrics.From(gold, [.. prediction.Select(chosen => OneHot(chosen, classes))]);

            StatisticsGolden.Close(entry.Number("accuracy"), metrics.Accuracy);
            StatisticsGolden.Close(entry.Number("macro_f1"), metrics.MacroF1);
            StatisticsGolden.Close(entry.Number("mcc"), metrics.Mcc);
            if (entry.TryGetProperty("f1_of_1", out var f1)) StatisticsGolden.Close(f1.GetDouble(), metrics.F1!.Value);
            else Assert.Null(metrics.F1);
        }
    }

    [Fact]
    public void Likelihoods_are_those_of_SciPy()
    {
        foreach (var entry in StatisticsGolden.Read("metrics").EnumerateArray())
        {
            if (!entry.TryGetProperty("log_probabilities", out var scores)) continue;

            var metrics = Metrics.From(entry.GetProperty("gold").Integers(), scores.Rows());

            StatisticsGolden.Close(entry.Number("nll_normalised"), metrics.NegativeLogLikelihood);
        }
    }

    [Fact]
    public void A_tie_goes_to_the_lower_index()
    {
        Assert.Equal([1, 0], ChoiceScores.Predict([[-2, -1, -1], [0.5, 0.5, 0.5]]));
    }

    [Fact]
    public void Accuracy_divides_by_the_number_of_items()
    {
        var metrics = Metrics.From([0, 0, 1], [[1, 0], [0, 1], [0, 1]]);

        Assert.Equal((2, 3, 2.0 / 3), (metrics.Correct, metrics.N, metrics.Accuracy));
    }

    [Fact]
    public void Calibration_error_is_the_weighted_gap_of_the_bins()
    {
        // Confidences 0.55, 0.55 (right, wrong) and 0.85 (right): bins (0.5, 0.6] and (0.8, 0.9].
        double[][] scores = [Odds(0.55), Odds(0.55), Odds(0.85)];

        var metrics = Metrics.From([0, 1, 0], scores);

        Assert.Equal((Math.Abs(1.10 - 1) + Math.Abs(0.85 - 1)) / 3, metrics.CalibrationError, 1e-12);
    }

    [Fact]
    public void A_confidence_on_a_bins_upper_edge_belongs_to_that_bin()
    {
        // 0.5 belongs to (0.4, 0.5], 0.55 to (0.5, 0.6]: together they would cancel to 0.05 / 2.
        double[][] scores = [[0, 0], Odds(0.55)];

        var metrics = Metrics.From([0, 1], scores);

        Assert.Equal((0.5 + 0.55) / 2, metrics.CalibrationError, 1e-12);
    }

    [Fact]
    public void Certainty_is_in_the_last_bin()
    {
        var metrics = Metrics.From([0, 1], [[0, -1000], [0, -1000]]);

        Assert.Equal(0.5, metrics.CalibrationError, 1e-12);
        Assert.Equal(500, metrics.NegativeLogLikelihood, 1e-9);
    }

    [Fact]
    public void Shifting_a_querys_scores_changes_nothing()
    {
        var plain = Metrics.From([0, 1], [[-1, -2], [-4, -3.5]]);
        var shifted = Metrics.From([0, 1], [[-1001, -1002], [996, 996.5]]);

        Assert.Equal(plain.NegativeLogLikelihood, shifted.NegativeLogLikelihood, 1e-12);
        Assert.Equal(plain.Correct, shifted.Correct);
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "found infinity")]
    [InlineData(double.NegativeInfinity, "-infinity")]
    public void A_score_that_is_no_number_is_refused(double score, string found)
    {
        Refused.With(() => Metrics.From([0, 1, 0], [[0, 1], [0, 1], [0, score]]), "query 2, choice 1", found);
    }

    [Fact]
    public void A_right_choice_outside_the_choices_is_misuse()
    {
        Assert.Throws<ArgumentException>(() => Metrics.From([2], [[0, 1]]));
        Assert.Throws<ArgumentException>(() => Metrics.From([], []));
        Assert.Throws<ArgumentException>(() => Metrics.From([0, 1], [[0, 1]]));
    }

    private static double[] OneHot(int chosen, int classes) => [.. Enumerable.Range(0, classes).Select(label => label == chosen ? 1.0 : 0)];

    private static double[] Odds(double probability) => [Math.Log(probability), Math.Log(1 - probability)];
}
