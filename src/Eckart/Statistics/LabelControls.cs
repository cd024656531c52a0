namespace Eckart.Statistics;

/// <summary>What correcting the unedited model's labels would have given on the test items: the bar that an edit has to clear.</summary>
/// <param name="Bias">Predictions with one additive bias a label.</param>
/// <param name="Affine">Predictions with an affine map a label.</param>
public sealed record LabelControls(IReadOnlyList<int> Bias, IReadOnlyList<int> Affine)
{
    /// <summary>Fits both corrections on validation and applies them to the test items.</summary>
    /// <param name="validationGold">Right choice of each validation query.</param>
    /// <param name="validationScores">The unedited model's scores of them.</param>
    /// <param name="testScores">The unedited model's scores of the test queries.</param>
    /// <exception cref="Eckart.Formats.InputException">A score that is NaN or infinite.</exception>
    /// <exception cref="ArgumentException">No queries, lists of other lengths, or queries with other numbers of choices.</exception>
    public static LabelControls Fit(IReadOnlyList<int> validationGold, IReadOnlyList<double[]> validationScores, IReadOnlyList<double[]> testScores) => new(
        LabelCalibration.FitBias(validationGold, validationScores).Predict(testScores),
        LabelCalibration.FitAffine(validationGold, validationScores).Predict(testScores));

    /// <summary>Predictions of the control that is right more often; the simpler one where both are equal.</summary>
    /// <param name="gold">Right choice of each test query.</param>
    public IReadOnlyList<int> Better(IReadOnlyList<int> gold) => Correct(gold, Affine) > Correct(gold, Bias) ? Affine : Bias;

    /// <summary>How many of a control's predictions are right.</summary>
    /// <param name="gold">Right choice of each test query.</param>
    /// <param name="predictions">Of one of the two.</param>
    public static Proportion Right(IReadOnlyList<int> gold, IReadOnlyList<int> predictions)
    {
        ArgumentNullException.ThrowIfNull(gold);
        ArgumentNullException.ThrowIfNull(predictions);
        return new Proportion(Correct(gold, predictions), gold.Count);
    }

    /// <summary>Bootstrap interval of an edited model's accuracy less that of the better control.</summary>
    /// <param name="gold">Right choice of each test query.</param>
    /// <param name="after">The edited model's predictions of them.</param>
    /// <param name="alpha">One minus the level, in (0, 1).</param>
    /// <exception cref="ArgumentException">Lists of other lengths, or a level outside (0, 1).</exception>
    /// <remarks>The better control is picked on the test items themselves: that favours the control, never the edit.</remarks>
    public Interval Beyond(IReadOnlyList<int> gold, IReadOnlyList<int> after, double alpha) =>
        PairedBootstrap.Of(PairedComparison.Of(gold, Better(gold), after), alpha);

    private static int Correct(IReadOnlyList<int> gold, IReadOnlyList<int> predictions) => gold.Zip(predictions).Count(pair => pair.First == pair.Second);
}
