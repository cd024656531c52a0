namespace Eckart.Statistics;

/// <summary>The control of a truncation: a correction of the unedited model's scores, the same for every query.</summary>
/// <param name="Scales">Factor a_c of each choice's log-probability; all 1 where only biases were fitted.</param>
/// <param name="Biases">Term b_c added to each choice's.</param>
/// <remarks>Fitted by maximum likelihood on the log-probabilities x_c normalised over the choices: p(c) ∝ exp(a_c·x_c + b_c).
/// A ridge of 10⁻³·(‖a − 1‖² + ‖b‖²) is added to the <em>sum</em> of the negative log-likelihoods: it settles the one direction that the
/// likelihood leaves open (the same bias on all labels) and keeps separable data finite, and its weight vanishes as items are added, so that the
/// control stays as strong as a control should be. The objective is strictly convex: there is one optimum, whatever the start.</remarks>
public sealed record LabelCalibration(IReadOnlyList<double> Scales, IReadOnlyList<double> Biases)
{
    /// <summary>Weight of the squared distance from "no correction".</summary>
    public const double Ridge = 1e-3;

    /// <summary>Fits one additive bias a label.</summary>
    /// <param name="gold">Right choice of each validation query.</param>
    /// <param name="scores">The unedited model's scores of those queries, as many choices in each.</param>
    /// <exception cref="Eckart.Formats.InputException">A score that is NaN or infinite.</exception>
    /// <exception cref="ArgumentException">No queries, lists of other lengths, or queries with other numbers of choices.</exception>
    public static LabelCalibration FitBias(IReadOnlyList<int> gold, IReadOnlyList<double[]> scores) => Fit(gold, scores, scaled: false);

    /// <summary>Fits an affine map a label.</summary>
    /// <inheritdoc cref="FitBias"/>
    public static LabelCalibration FitAffine(IReadOnlyList<int> gold, IReadOnlyList<double[]> scores) => Fit(gold, scores, scaled: true);

    /// <summary>Predictions after the correction, a tie going to the lower index.</summary>
    /// <param name="scores">Scores of the queries to predict, with as many choices as the fitted ones.</param>
    /// <exception cref="Eckart.Formats.InputException">A score that is NaN or infinite.</exception>
    /// <exception cref="ArgumentException">Another number of choices.</exception>
    public int[] Predict(IReadOnlyList<double[]> scores)
    {
        RequireChoices(scores, Biases.Count);
        return [.. ChoiceScores.Normalize(scores).Select(row => ChoiceScores.Argmax([.. row.Select((x, c) => Scales[c] * x + Biases[c])]))];
    }

    private static LabelCalibration Fit(IReadOnlyList<int> gold, IReadOnlyList<double[]> scores, bool scaled)
    {
        ArgumentNullException.ThrowIfNull(gold);
        ArgumentNullException.ThrowIfNull(scores);
        if (gold.Count == 0 || gold.Count != scores.Count)
            throw new ArgumentException($"Expected a row of scores a query, at least one; got {scores.Count} for {gold.Count}.", nameof(scores));
        var choices = scores[0].Length;
        RequireChoices(scores, choices);

        var likelihood = new CalibrationLikelihood(gold, ChoiceScores.Normalize(scores), Ridge, scaled);
        var parameters = NewtonMinimizer.Minimize(likelihood.At, likelihood.Start);
        return new LabelCalibration(scaled ? parameters[choices..] : [.. Enumerable.Repeat(1.0, choices)], parameters[..choices]);
    }

    private static void RequireChoices(IReadOnlyList<double[]> scores, int choices)
    {
        ArgumentNullException.ThrowIfNull(scores);
        for (var query = 0; query < scores.Count; query++)
            if (scores[query].Length != choices)
                throw new ArgumentException($"Query {query} has {scores[query].Length} choices, others {choices}: labels have a bias only where all queries have the same ones.", nameof(scores));
    }
}
