using System.Collections.Immutable;
using Eckart.Engine;
using Eckart.Formats;
using Eckart.Formats.Tables;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Statistics;
using Eckart.Tasks;

namespace Eckart.Experiments;

/// <summary>Labels rows by the prompts and scores that trials are evaluated with.</summary>
/// <param name="encoder">Of the model and the task's scoring.</param>
/// <param name="renderer">Puts the task's demonstrations before every row.</param>
/// <param name="intervention">Resolved for the model.</param>
/// <param name="workers">Rows tokenised at once.</param>
public sealed class RowLabeller(QueryEncoder encoder, ItemRenderer renderer, Intervention intervention, int workers)
{
    /// <summary>Rows that are scored together, and held at once. Rows up to this many get the very bits that a trial of the same rows gets; of more, the last digits may differ.</summary>
    public const int PieceRows = 4096;

    /// <summary>Refuses rows that cannot be asked about, before any is scored.</summary>
    /// <param name="rows">The table, read once and not kept.</param>
    /// <param name="cancellation">Checked before each piece.</param>
    /// <returns>How many there are.</returns>
    /// <exception cref="InputException">A field missing or not text, or a prompt that the model cannot read; the message names file and line.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public long Check(IEnumerable<Row> rows, CancellationToken cancellation) => rows.Chunk(PieceRows).Sum(piece => (long)Encode(piece, cancellation).Queries.Length);

    /// <summary>Labels rows, piece by piece.</summary>
    /// <param name="engine">Scores the prompts; still the caller's.</param>
    /// <param name="rows">The table; its label field is not looked at.</param>
    /// <param name="progress">Called now and then, from any thread, with what a piece takes; may be null.</param>
    /// <param name="cancellation">Checked often.</param>
    /// <returns>A label a row, in order, as soon as its piece is scored.</returns>
    /// <exception cref="InputException">As <see cref="Check"/>; or a score that is NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IEnumerable<RowLabel> Label(IScoringEngine engine, IEnumerable<Row> rows, Action<WorkDone>? progress, CancellationToken cancellation)
    {
        foreach (var piece in rows.Chunk(PieceRows))
        {
            var (items, queries) = Encode(piece, cancellation);
            IReadOnlyList<double[]> scores = [];
            engine.Score([new ScoreRequest(queries, intervention)], [], (_, answer) => scores = answer.Scores, progress, cancellation);
            var predictions = ChoiceScores.Predict(scores);
            var probabilities = ChoiceScores.Normalize(scores);
            for (var i = 0; i < items.Length; i++)
                yield return new RowLabel(items[i].Row, predictions[i], Names(items[i].Choices), [.. probabilities[i].Select(Math.Exp)]);
        }
    }

    private (Item[] Items, Query[] Queries) Encode(Row[] rows, CancellationToken cancellation)
    {
        var (items, queries) = (new Item[rows.Length], new Query[rows.Length]);
        Workers.Run(rows.Length, workers, i => queries[i] = encoder.Encode(items[i] = renderer.Render(rows[i], ItemRenderer.Unlabelled), rows[i].Where), cancellation);
        return (items, queries);
    }

    // People know a choice without the space before it, unless that is all that tells two apart.
    private static ImmutableArray<string> Names(ImmutableArray<string> choices)
    {
        ImmutableArray<string> trimmed = [.. choices.Select(choice => choice.Trim())];
        return trimmed.Distinct(StringComparer.Ordinal).Count() == choices.Length ? trimmed : choices;
    }
}

/// <summary>What a model says of one row.</summary>
/// <param name="Row">Zero-based row of the table.</param>
/// <param name="Choice">Index of the most probable choice, a tie going to the lower.</param>
/// <param name="Names">The choices in the task's order, without the spaces around them.</param>
/// <param name="Probabilities">Of the choices, when one of them must be right: softmax of their scores; they sum to 1.</param>
public sealed record RowLabel(int Row, int Choice, ImmutableArray<string> Names, ImmutableArray<double> Probabilities);
