using Eckart.Formats;
using Eckart.Pruning;
using Eckart.Statistics;

namespace Eckart.Experiments;

/// <summary>Reads a line of <c>trials.jsonl</c> and believes nothing in it that can be recomputed.</summary>
internal static class TrialLine
{
    /// <summary>The trial of a line.</summary>
    /// <param name="json">The line without its end.</param>
    /// <param name="where">File and line, for messages.</param>
    /// <exception cref="InputException">A line that is no trial, or whose numbers contradict each other.</exception>
    public static Trial Parse(ReadOnlySpan<byte> json, string where)
    {
        var trial = JournalLine.Read<Trial>(json, where, "a trial");
        return Contradiction(trial) is { } found ? throw new InputException(where, found, JournalLine.Remedy) : trial;
    }

    private static string? Contradiction(Trial trial)
    {
        if (trial.Key.Id() is var id && trial.Id != id) return $"expected id {id} of its key, found {Excerpt.Of(trial.Id)}";
        if (trial.Intervention != trial.Key.Intervention) return $"expected intervention {Excerpt.Of(trial.Key.Intervention)} of its key, found {Excerpt.Of(trial.Intervention)}";
        if (!IsIntervention(trial.Intervention)) return $"expected an intervention such as mlp@26:0.95, found {Excerpt.Of(trial.Intervention)}";
        if (trial.Split != trial.Key.Split) return $"expected split {Excerpt.Of(trial.Key.Split)} of its key, found {Excerpt.Of(trial.Split)}";
        if (trial.N < 1 || trial.Scores.Count != trial.N || trial.Gold.Count != trial.N || trial.Rows.Count != trial.N)
            return $"expected {trial.N} scores, gold choices and rows, found {trial.Scores.Count}, {trial.Gold.Count} and {trial.Rows.Count}";
        for (var query = 0; query < trial.N; query++)
            if (trial.Scores[query] is not { } row || trial.Gold[query] < 0 || trial.Gold[query] >= row.Length)
                return $"expected the gold choice of query {query} among its scores, found {trial.Gold[query]}";
        if (!AreFinite(trial)) return "expected finite numbers, found one too large for a double";

        // The other measures may differ in their last digit between machines; counts may not.
        var correct = trial.Predictions().Zip(trial.Gold).Count(pair => pair.First == pair.Second);
        return trial.Correct != correct || trial.Accuracy != new Proportion(correct, trial.N).Value
            ? $"expected {correct} of {trial.N} correct by its scores, found {trial.Correct}"
            : null;
    }

    private static bool IsIntervention(string text)
    {
        try
        {
            return Intervention.Parse(text) is not null;
        }
        catch (InputException)
        {
            return false;
        }
    }

    // JSON has no infinity, but 1e999 reads as one.
    private static bool AreFinite(Trial trial)
    {
        foreach (var row in trial.Scores)
            foreach (var score in row)
                if (!double.IsFinite(score)) return false;
        return new[] { trial.MacroF1, trial.F1 ?? 0, trial.Mcc, trial.NegativeLogLikelihood, trial.CalibrationError, trial.AccuracyAsPublished ?? 0 }.All(double.IsFinite);
    }
}
