using System.Globalization;
using Eckart.Formats;

namespace Eckart.Statistics;

/// <summary>What can be read off the scores of a query's choices.</summary>
public static class ChoiceScores
{
    /// <summary>Prediction of each query: the choice with the highest score, a tie going to the lower index.</summary>
    /// <param name="scores">A row a query, a score a choice; at least one choice.</param>
    /// <exception cref="InputException">A score that is NaN or infinite.</exception>
    public static int[] Predict(IReadOnlyList<double[]> scores)
    {
        Check(scores);
        return [.. scores.Select(Argmax)];
    }

    /// <summary>Log-probabilities of each query's choices when one of them must be right: log-softmax of its scores.</summary>
    /// <param name="scores">A row a query, a score a choice; at least one choice.</param>
    /// <returns>Fresh rows of the same lengths.</returns>
    /// <exception cref="InputException">A score that is NaN or infinite.</exception>
    public static double[][] Normalize(IReadOnlyList<double[]> scores)
    {
        Check(scores);
        return [.. scores.Select(LogSoftmax)];
    }

    /// <summary>Refuses scores that no prediction can be read off.</summary>
    /// <exception cref="InputException">A score that is NaN or infinite: named by query and choice, both from 0.</exception>
    /// <exception cref="ArgumentException">A query without choices.</exception>
    internal static void Check(IReadOnlyList<double[]> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        for (var query = 0; query < scores.Count; query++)
        {
            if (scores[query].Length == 0) throw new ArgumentException($"Query {query} has no choices.", nameof(scores));
            for (var choice = 0; choice < scores[query].Length; choice++)
                if (!double.IsFinite(scores[query][choice]))
                    throw NotFinite(query, choice, scores[query][choice]);
        }
    }

    /// <summary>Index of the highest score, the first where several are.</summary>
    internal static int Argmax(double[] scores)
    {
        var highest = 0;
        for (var choice = 1; choice < scores.Length; choice++)
            if (scores[choice] > scores[highest]) highest = choice;
        return highest;
    }

    /// <summary>Scores less the logarithm of their exponentials' sum.</summary>
    internal static double[] LogSoftmax(double[] scores)
    {
        var (highest, sum) = (scores[Argmax(scores)], 0.0);
        foreach (var score in scores) sum += Math.Exp(score - highest);
        var (normal, logSum) = (new double[scores.Length], Math.Log(sum));
        for (var choice = 0; choice < normal.Length; choice++) normal[choice] = scores[choice] - highest - logSum;
        return normal;
    }

    private static InputException NotFinite(int query, int choice, double score)
    {
        var found = double.IsNaN(score) ? "NaN" : score > 0 ? "infinity" : "-infinity";
        return new InputException(
            string.Create(CultureInfo.InvariantCulture, $"query {query}, choice {choice}"),
            $"expected a finite score, found {found}",
            "the model's weights or this intervention overflow on it: try --dtype f32, or a smaller rate");
    }
}
