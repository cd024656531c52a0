using System.Globalization;
using System.Text.Json;
using Eckart.Engine;
using Eckart.Formats.Tokenizers;
using Eckart.Pruning;
using Eckart.Tasks;
using Eckart.Tests.Support;

namespace Eckart.Tests.Engine;

/// <summary>Scores of the real model on real prompts by every engine, held to the reference implementation's.</summary>
public sealed class EngineGoldenTests(SmolLm2 smolLm2) : IClassFixture<SmolLm2>
{
    private const double Tolerance = 1e-4;

    public static TheoryData<string, string> Cases => new(
        from task in new[] { "sst2", "cb", "rte", "mrpc", "copa" }
        from engine in new[] { "reference", "walk", "operators" }
        select (task, engine));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Scores_of_every_intervention_are_the_reference_implementations(string task, string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Shared.Find("golden/tasks/smollm2_scores.json")));
        var golden = document.RootElement.GetProperty(task);
        using var tokenizer = smolLm2.Checkpoint.LoadTokenizer();
        var queries = Queries(golden, tokenizer);
        var trials = golden.GetProperty("trials").EnumerateArray().ToArray();
        ScoreRequest[] requests = [.. trials.Select(trial => new ScoreRequest(queries, Intervention.Parse(Notation(trial.GetProperty("intervention"))).Resolve(smolLm2.Model.Spec)))];
        using IScoringEngine engine = name == "reference" ? new ReferenceEngine(smolLm2.Model, smolLm2.Editor) : WalkEngine.Over(smolLm2.Model, new EngineOptions { Operators = name == "operators" });

        var answers = new TrialScores[trials.Length];
        engine.Score(requests, [], (place, scores) => answers[place] = scores, null, TestContext.Current.CancellationToken);

        foreach (var (trial, scores) in trials.Zip(answers))
        {
            var expected = trial.GetProperty(task == "copa" ? "mean_logits" : "log_probabilities");
            Assert.Equal((8, 8), (expected.GetArrayLength(), scores.Scores.Count));
            for (var i = 0; i < scores.Scores.Count; i++)
            {
                Assert.Equal(expected[i].GetArrayLength(), scores.Scores[i].Length);
                for (var choice = 0; choice < scores.Scores[i].Length; choice++) Assert.Equal(expected[i][choice].GetDouble(), scores.Scores[i][choice], Tolerance);
            }

            AssertRanks(trial.GetProperty("intervention"), scores);
        }
    }

    [Fact]
    public void A_gguf_file_read_layer_by_layer_gives_the_bits_of_the_model_in_memory()
    {
        using var tokenizer = smolLm2.Checkpoint.LoadTokenizer();
        var encoder = new QueryEncoder(tokenizer, smolLm2.Model.Spec, new Scoring(ScoringRule.Choice));
        Query[] queries = [.. new[] { "The sky is", "Water is", "Snow in the summer is" }.Select((prompt, i) => encoder.Encode(new Item(i, 0, [$"One word only. {prompt}"], [" blue", " very wet"]), "an item"))];
        ScoreRequest[] requests = [new(queries, Intervention.None), new(queries, Intervention.Parse("all@3:0.5+query@20:0.9").Resolve(smolLm2.Model.Spec))];
        using var resident = WalkEngine.Over(smolLm2.Model, new EngineOptions());
        using var streaming = WalkEngine.Streaming(smolLm2.Checkpoint, smolLm2.Model.Compute, new EngineOptions());

        Assert.Equal(SomeModel.Bits(SomeModel.Walk(resident, requests)), SomeModel.Bits(SomeModel.Walk(streaming, requests)));
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
