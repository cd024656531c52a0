using CsCheck;
using Eckart.Statistics;
using Eckart.Tests.Support;

namespace Eckart.Tests.Statistics;

public sealed class LabelCalibrationTests
{
    private static readonly Gen<(int[] Gold, double[][] Scores)> Some =
        from choices in Gen.Int[2, 4]
        from n in Gen.Int[5, 40]
        from gold in Gen.Int[0, choices - 1].Array[n]
        from scores in Gen.Double[-8, 0].Array[choices].Array[n]
        select (gold, scores);

    [Fact]
    public void The_gradient_vanishes_at_the_optimum()
    {
        Some.Sample(data =>
        {
            var affine = LabelCalibration.FitAffine(data.Gold, data.Scores);
            var bias = LabelCalibration.FitBias(data.Gold, data.Scores);

            Assert.All(Gradient(data, affine, scaled: true), slope => Assert.InRange(slope, -1e-8, 1e-8));
            Assert.All(Gradient(data, bias, scaled: false), slope => Assert.InRange(slope, -1e-8, 1e-8));
        }, iter: 30);
    }

    [Fact]
    public void Two_classes_have_the_optimum_that_a_grid_finds()
    {
        int[] gold = [0, 0, 1, 1, 1, 0, 1, 1];
        double[][] scores = [[-0.2, -1.5], [-0.9, -0.7], [-0.3, -1.2], [-1.8, -0.4], [-0.6, -0.8], [-0.1, -2.5], [-0.5, -0.9], [-0.7, -0.6]];

        var fitted = LabelCalibration.FitBias(gold, scores);

        // The ridge makes the two biases opposite, which leaves one number to search for.
        var best = Enumerable.Range(-4000, 8001).Select(step => step / 2000.0).MinBy(b => Objective((gold, scores), [1, 1], [-b, b]));
        Assert.Equal(best, fitted.Biases[1], 1.0 / 2000);
        Assert.Equal(-fitted.Biases[1], fitted.Biases[0], 1e-10);
    }

    [Fact]
    public void Without_a_ridge_to_speak_of_the_bias_matches_the_classes_shares()
    {
        // Uninformative scores: the fitted probabilities are the shares, so the biases differ by log(3/1).
        int[] gold = [.. Enumerable.Range(0, 4000).Select(i => i % 4 == 0 ? 1 : 0)];
        double[][] scores = [.. gold.Select(_ => new double[] { -1, -1 })];

        var fitted = LabelCalibration.FitBias(gold, scores);

        Assert.Equal(Math.Log(3), fitted.Biases[0] - fitted.Biases[1], 1e-5);
    }

    [Fact]
    public void Separable_data_stays_finite()
    {
        int[] gold = [0, 0, 1, 1];
        double[][] scores = [[-0.001, -7], [-0.01, -5], [-6, -0.002], [-400, 0]];

        var fitted = LabelCalibration.FitAffine(gold, scores);

        Assert.All(fitted.Scales.Concat(fitted.Biases), parameter => Assert.InRange(parameter, -1000, 1000));
        Assert.Equal(gold, fitted.Predict(scores));
        Assert.All(Gradient((gold, scores), fitted, scaled: true), slope => Assert.InRange(slope, -1e-8, 1e-8));
    }

    [Fact]
    public void Scores_far_apart_and_always_wrong_still_converge()
    {
        int[] gold = [.. Enumerable.Range(0, 200).Select(i => i % 3)];
        double[][] scores = [.. gold.Select((right, i) => new[] { -0.1 * i, -900.0, -3 * i }.Select((x, c) => c == right ? x - 500 : x).ToArray())];

        var fitted = LabelCalibration.FitAffine(gold, scores);

        Assert.All(fitted.Scales.Concat(fitted.Biases), parameter => Assert.True(double.IsFinite(parameter)));
        Assert.True(Objective((gold, scores), fitted.Scales, fitted.Biases) < Objective((gold, scores), [1, 1, 1], [0, 0, 0]));
    }

    [Fact]
    public void A_bias_mends_a_model_that_always_says_one_label()
    {
        int[] gold = [0, 1, 0, 1, 0, 1];
        double[][] scores = [.. gold.Select(right => new[] { -0.1, right == 1 ? -2.0 : -4.0 })];

        var fitted = LabelCalibration.FitBias(gold, scores);

        Assert.Equal([0, 0, 0, 0, 0, 0], ChoiceScores.Predict(scores));
        Assert.Equal(gold, fitted.Predict(scores));
        Assert.Equal([1, 1], fitted.Scales);
    }

    [Fact]
    public void No_correction_predicts_what_the_scores_do()
    {
        double[][] scores = [[-1, -2, -3], [-3, -1, -2], [-5, -4, 7]];

        Assert.Equal([0, 1, 2], new LabelCalibration([1, 1, 1], [0, 0, 0]).Predict(scores));
    }

    [Fact]
    public void A_score_that_is_no_number_is_refused()
    {
        Refused.With(() => LabelCalibration.FitBias([0, 1], [[0, 1], [double.NaN, 1]]), "query 1, choice 0", "NaN");
    }

    [Fact]
    public void Queries_with_other_numbers_of_choices_are_misuse()
    {
        Assert.Throws<ArgumentException>(() => LabelCalibration.FitBias([0, 1], [[0, 1], [0, 1, 2]]));
        Assert.Throws<ArgumentException>(() => LabelCalibration.FitBias([0, 1], [[0, 1], [0, 1]]).Predict([[0, 1, 2]]));
    }

    private static double[] Gradient((int[] Gold, double[][] Scores) data, LabelCalibration at, bool scaled)
    {
        const double step = 1e-4;
        double[] parameters = [.. at.Biases, .. at.Scales];
        var choices = at.Biases.Count;
        return [.. Enumerable.Range(0, scaled ? 2 * choices : choices).Select(i => (8 * (Moved(i, step) - Moved(i, -step)) - Moved(i, 2 * step) + Moved(i, -2 * step)) / (12 * step))];

        double Moved(int i, double by)
        {
            double[] moved = [.. parameters];
            moved[i] += by;
            return Objective(data, moved[choices..], moved[..choices]);
        }
    }

    /// <summary>The documented objective, written a second time and plainly.</summary>
    private static double Objective((int[] Gold, double[][] Scores) data, IReadOnlyList<double> scales, IReadOnlyList<double> biases)
    {
        var sum = 1e-3 * (scales.Sum(a => (a - 1) * (a - 1)) + biases.Sum(b => b * b));
        foreach (var (right, scores) in data.Gold.Zip(data.Scores))
        {
            double[] logits = [.. LogSoftmax(scores).Select((x, c) => scales[c] * x + biases[c])];
            sum -= LogSoftmax(logits)[right];
        }

        return sum;
    }

    private static double[] LogSoftmax(double[] scores) => [.. scores.Select(score => score - scores.Max() - Math.Log(scores.Sum(other => Math.Exp(other - scores.Max()))))];
}
