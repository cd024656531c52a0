using System.Globalization;
using System.Text.Json;
using Eckart.Engine;
using Eckart.Formats.Tokenizers;
using Eckart.Pruning;
using Eckart.Tasks;
using Eckart.Tests.Support;

namespace Eckart.Tests.Engine;

/// <summary>Scores of the real model on real prompts, held to the reference implementation's.</summary>
public sealed class ReferenceEngineGoldenTests(SmolLm2 smolLm2) : IClassFixture<SmolLm2>
{
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData("sst2")]
    [InlineData("cb")]
    [InlineData("rte")]
    [InlineData("mrpc")]
    [InlineData("copa")]
    public void Scores_of_every_intervention_are_the_reference_implementations(string task)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Shared.Find("golden/tasks/smollm2_scores.json")));
        var golden = document.RootElement.GetProperty(task);
        using var tokenizer = smolLm2.Checkpoint.LoadTokenizer();
        var queries = Queries(golden, tokenizer);
        var engine = new ReferenceEngine(smolLm2.Model, smolLm2.Editor);

        foreach (var trial in golden.GetProperty("trials").EnumerateArray())
        {
            var intervention = Intervention.Parse(Notation(trial.GetProperty("intervention"))).Resolve(smolLm2.Model.Spec);

            var scores = engine.Score(queries, intervention, null, TestContext.Current.CancellationToken);

            var name = task == "copa" ? "mean_logits" : "log_probabilities";
            var expected = trial.GetProperty(name);
            Assert.Equal((8, 8), (expected.GetArrayLength(), scores.Scores.Count));
            for (var i = 0; i < scores.Scores.Count; i++)
            {
                Assert.Equal(expected[i].GetArrayLength(), scores.Scores[i].Length);
                for (var choice = 0; choice < scores.Scores[i].Length; choice++) Assert.Equal(expected[i][choice].GetDouble(), scores.Scores[i][choice], Tolerance);
            }

            AssertRanks(trial.GetProperty("intervention"), scores);
        }
    }

    // The prompts are tokenised here, and held to the golden's ids on the way.
    private List<Query> Queries(JsonElement golden, TextTokenizer tokenizer)
    {
        var labels = golden.TryGetProperty("choices", out var choices) ? choices.EnumerateArray().ToArray() : null;
        var scoring = new Scoring(labels is null ? ScoringRule.MeanLogit : ScoringRule.LabelToken);
        var encoder = new QueryEncoder(tokenizer, smolLm2.Model.Spec, scoring);
        var queries = new List<Query>();
        foreach (var item in golden.GetProperty("items").EnumerateArray())
        {
            var query = encoder.Encode(
                new Item(item.GetProperty("index").GetInt32(), item.GetProperty("gold").GetInt32(), [.. item.GetProperty("prompts").EnumerateArray().Select(prompt => prompt.GetString()!)], [.. (labels ?? []).Select(label => label.GetProperty("text").GetString()!)]),
                "an item");
            foreach (var (choice, i) in query.Choices.Select((choice, i) => (choice, i)))
            {
                var ids = item.GetProperty("ids")[labels is null ? i : 0].EnumerateArray().Select(id => id.GetInt32());
                Assert.Equal(labels is null ? ids : ids.Append(labels[i].GetProperty("id").GetInt32()), choice.Ids.ToArray());
            }

            queries.Add(query);
        }

        return queries;
    }

    private static string Notation(JsonElement intervention) => intervention.ValueKind == JsonValueKind.Null ? "none"
        : $"{intervention.GetProperty("module").GetString()}@{intervention.GetProperty("layer").GetInt32()}:{intervention.GetProperty("rate").GetDecimal().ToString(CultureInfo.InvariantCulture)}";

    private static void AssertRanks(JsonElement intervention, TrialScores scores)
    {
        var expected = intervention.ValueKind == JsonValueKind.Null ? [] : intervention.GetProperty("ranks").EnumerateObject().Select(rank => rank.Value.GetInt32()).ToArray();
        Assert.Equal(expected, scores.Ranks.OrderBy(rank => rank.Key.Projection).Select(rank => rank.Value));
    }
}
