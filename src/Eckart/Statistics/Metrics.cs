namespace Eckart.Statistics;

/// <summary>How well scores pick the right choices, in the usual measures.</summary>
/// <param name="N">Queries.</param>
/// <param name="Correct">Queries whose prediction is the right choice.</param>
/// <param name="MacroF1">Mean of the classes' F1, over the classes that occur as a right choice or as a prediction.</param>
/// <param name="F1">F1 of class 1 where there are exactly two choices; null otherwise.</param>
/// <param name="Mcc">Matthews correlation coefficient; 0 where either side names only one class.</param>
/// <param name="NegativeLogLikelihood">Mean over the queries of −log p(right choice), p normalised over the choices.</param>
/// <param name="CalibrationError">Expected calibration error of the prediction's probability, over 10 equal bins.</param>
/// <remarks><b>Source</b>: MCC of several classes: J. Gorodkin 2004. Calibration error: Guo et al. 2017, bins (k/10, (k+1)/10].</remarks>
public sealed record Metrics(int N, int Correct, double MacroF1, double? F1, double Mcc, double NegativeLogLikelihood, double CalibrationError)
{
    private const int Bins = 10;

    /// <summary>Share of the queries that are right; divides by <see cref="N"/>.</summary>
    public double Accuracy => (double)Correct / N;

    /// <summary>Measures scores against the right choices.</summary>
    /// <param name="gold">Right choice of each query, an index into its row of scores; at least one query.</param>
    /// <param name="scores">A row a query, a score a choice.</param>
    /// <exception cref="Eckart.Formats.InputException">A score that is NaN or infinite: named by query and choice.</exception>
    /// <exception cref="ArgumentException">No queries, lists of other lengths, or a right choice outside its row.</exception>
    public static Metrics From(IReadOnlyList<int> gold, IReadOnlyList<double[]> scores)
    {
        ArgumentNullException.ThrowIfNull(gold);
        ArgumentNullException.ThrowIfNull(scores);
        if (gold.Count == 0 || gold.Count != scores.Count)
            throw new ArgumentException($"Expected a row of scores a query, at least one; got {scores.Count} for {gold.Count}.", nameof(scores));
        for (var query = 0; query < gold.Count; query++)
            if (gold[query] < 0 || gold[query] >= scores[query].Length)
                throw new ArgumentException($"Right choice {gold[query]} of query {query} is outside its {scores[query].Length} choices.", nameof(gold));

        var logProbabilities = ChoiceScores.Normalize(scores);
        var predictions = ChoiceScores.Predict(scores);
        var confusion = new Confusion(gold, predictions);
        return new Metrics(
            gold.Count,
            confusion.Correct,
            confusion.MacroF1(),
            scores.All(row => row.Length == 2) ? confusion.F1(1) : null,
            confusion.Mcc(),
            -logProbabilities.Select((row, query) => row[gold[query]]).Average(),
            ExpectedCalibrationError(gold, predictions, logProbabilities));
    }

    private static double ExpectedCalibrationError(IReadOnlyList<int> gold, int[] predictions, double[][] logProbabilities)
    {
        var excess = new double[Bins];   // sum of confidence less correctness
        for (var query = 0; query < gold.Count; query++)
        {
            var confidence = Math.Exp(logProbabilities[query][predictions[query]]);
            var bin = Math.Clamp((int)Math.Ceiling(confidence * Bins) - 1, 0, Bins - 1);
            excess[bin] += confidence - (predictions[query] == gold[query] ? 1 : 0);
        }

        return excess.Sum(Math.Abs) / gold.Count;
    }
}
