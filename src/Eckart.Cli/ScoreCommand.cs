using System.CommandLine;
using System.Text.Json.Nodes;
using Eckart.Engine;
using Eckart.Experiments;
using Eckart.Formats.Tables;
using Eckart.Pruning;
using Eckart.Statistics;
using Eckart.Tasks;

namespace Eckart.Cli;

/// <summary><c>score</c>: log-probabilities of choices after prompts, of texts or of token ids.</summary>
internal static class ScoreCommand
{
    private static readonly Scoring Sum = new(ScoringRule.Choice);

    public static Command Create()
    {
        var command = new Command("score", "Score choices after prompts: the log-probability of each, of texts or of token ids.")
            .With(CommonOptions.Running).With(LineInput.Option, CommonOptions.Intervention);
        command.SetAction((args, cancellation) => Task.Run(() => Run(args, cancellation), cancellation));
        return command;
    }

    private static void Run(ParseResult args, CancellationToken cancellation)
    {
        using var session = ModelPath.Open(args, cancellation);
        var intervention = Intervention.Parse(args.GetValue(CommonOptions.Intervention)!).Resolve(session.Spec);
        var queries = LineInput.Read(args).Select(row => LineInput.At(row, () => Encode(session, row))).ToList();
        foreach (var (query, score) in queries.Zip(Score(args, session, queries, intervention, cancellation)))
            args.InvocationConfiguration.Output.WriteJsonLine(new JsonObject
            {
                ["log_probabilities"] = JsonOutput.Array(score),
                ["tokens"] = JsonOutput.Array(query.Choices.Select(choice => choice.Own)),
                ["prediction"] = ChoiceScores.Predict([score])[0],
            });
    }

    private static IReadOnlyList<double[]> Score(ParseResult args, ModelSession session, List<Query> queries, Intervention intervention, CancellationToken cancellation)
    {
        if (queries.Count == 0) return [];
        using var progress = Progress.Start(args, $"score {intervention}");
        IReadOnlyList<double[]> scores = [];
        session.Engine().Score([new ScoreRequest(queries, intervention)], [], (_, answer) => scores = answer.Scores, progress.Report, cancellation);
        return scores;
    }

    private static Query Encode(ModelSession session, Row row) => row.Cells.ContainsKey("prompt_ids")
        ? QueryEncoder.FromIds(session.Spec, LineInput.Integers(row, "prompt_ids"), LineInput.IntegerLists(row, "choice_ids"), row.Where)
        : new QueryEncoder(session.Tokenizer, session.Spec, Sum).Encode(new Item(row.Number, 0, [row.Text("prompt")], [.. LineInput.Texts(row, "choices")]), row.Where);
}
