using System.Text.Json;
using System.Text.Json.Serialization;
using Eckart.Statistics;

namespace Eckart.Experiments;

/// <summary>One intervention on one model, evaluated on one split: the line that <c>trials.jsonl</c> keeps. No times, so that equal trials are equal bytes.</summary>
public sealed record Trial : IJournalLine
{
    /// <summary>Hash of <see cref="Key"/>.</summary>
    public required string Id { get; init; }

    /// <summary>What was done to the weights, in the notation of the command line.</summary>
    public required string Intervention { get; init; }

    /// <summary><c>validation</c> or <c>test</c>.</summary>
    public required string Split { get; init; }

    /// <summary>Queries.</summary>
    public required int N { get; init; }

    /// <summary>Queries whose prediction is the right choice.</summary>
    public required int Correct { get; init; }

    /// <summary><see cref="Correct"/> over <see cref="N"/>.</summary>
    public required double Accuracy { get; init; }

    /// <summary>What the published code would have printed for it; null outside the <c>authors</c> protocol.</summary>
    public double? AccuracyAsPublished { get; init; }

    /// <summary>Mean F1 of the classes that occur.</summary>
    public required double MacroF1 { get; init; }

    /// <summary>F1 of class 1 where there are two choices.</summary>
    public double? F1 { get; init; }

    /// <summary>Matthews correlation coefficient.</summary>
    public required double Mcc { get; init; }

    /// <summary>Mean negative log-likelihood of the right choices, normalised over the choices.</summary>
    [JsonPropertyName("nll")]
    public required double NegativeLogLikelihood { get; init; }

    /// <summary>Expected calibration error, 10 equal bins.</summary>
    public required double CalibrationError { get; init; }

    /// <summary>Ranks kept by edited matrix, e.g. <c>down@26</c>: 28; empty where nothing was truncated.</summary>
    public required IReadOnlyDictionary<string, int> Ranks { get; init; }

    /// <summary>What the id is the hash of.</summary>
    public required TrialKey Key { get; init; }

    /// <summary>A row a query in the split's order, a score a choice.</summary>
    [JsonConverter(typeof(ScoresJson))]
    public required IReadOnlyList<double[]> Scores { get; init; }

    /// <summary>Right choice of each query.</summary>
    public required IReadOnlyList<int> Gold { get; init; }

    /// <summary>Zero-based source row of each query.</summary>
    public required IReadOnlyList<int> Rows { get; init; }

    /// <summary>Makes the trial of a set of scores, with all that is measured on them.</summary>
    /// <param name="key">What was evaluated.</param>
    /// <param name="ranks">Ranks kept by edited matrix.</param>
    /// <param name="scores">A row a query, a score a choice; kept, not copied.</param>
    /// <param name="gold">Right choice of each query; kept, not copied.</param>
    /// <param name="rows">Source row of each query; kept, not copied.</param>
    /// <exception cref="Eckart.Formats.InputException">A score that is NaN or infinite: named by query and choice.</exception>
    /// <exception cref="ArgumentException">No queries, or lists of other lengths.</exception>
    public static Trial From(
        TrialKey key, IReadOnlyDictionary<string, int> ranks, IReadOnlyList<double[]> scores, IReadOnlyList<int> gold, IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(ranks);
        ArgumentNullException.ThrowIfNull(rows);
        var metrics = Metrics.From(gold, scores);
        if (rows.Count != metrics.N) throw new ArgumentException($"Expected {metrics.N} source rows, got {rows.Count}.", nameof(rows));

        return new Trial
        {
            Id = key.Id(),
            Intervention = key.Intervention,
            Split = key.Split,
            N = metrics.N,
            Correct = metrics.Correct,
            Accuracy = metrics.Accuracy,
            MacroF1 = metrics.MacroF1,
            F1 = metrics.F1,
            Mcc = metrics.Mcc,
            NegativeLogLikelihood = metrics.NegativeLogLikelihood,
            CalibrationError = metrics.CalibrationError,
            Ranks = new SortedDictionary<string, int>(ranks.ToDictionary(), StringComparer.Ordinal),
            Key = key,
            Scores = scores,
            Gold = gold,
            Rows = rows,
        };
    }

    /// <inheritdoc/>
    string IJournalLine.Label => $"{Intervention}, {Split}";

    /// <summary>Prediction of each query, a tie going to the lower index.</summary>
    public int[] Predictions() => ChoiceScores.Predict(Scores);

    /// <summary>The trial as one line of JSON, without the line's end.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, TrialJson.Options);
}
