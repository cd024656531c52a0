using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

public sealed class ScoreCommandTests
{
    private const string Texts = """
        {"prompt": "the sky is", "choices": [" blue", " red"]}
        {"prompt": "x", "choices": ["a", "b", "c"]}

        """;

    // The same bytes as Texts.
    private const string Ids = """
        {"prompt_ids": [116, 104, 101, 32, 115, 107, 121, 32, 105, 115], "choice_ids": [[32, 98, 108, 117, 101], [32, 114, 101, 100]]}
        {"prompt_ids": [120], "choice_ids": [[97], [98], [99]]}

        """;

    [Fact]
    public async Task A_line_of_scores_for_a_line_of_choices()
    {
        using var words = new Words();

        var (exit, output, error) = await CommandLine.Run("score", "--model", words.Model, "--quiet", "--input", words.File("in.jsonl", Texts));

        Assert.Equal((0, ""), (exit, error));
        var lines = Shape.Lines(output);
        Assert.Equal(2, lines.Count);
        Assert.All(lines, line => Assert.Equal("log_probabilities tokens prediction", line.Names()));
        Assert.Equal([5, 4], lines[0].GetProperty("tokens").Integers());
        Assert.Equal([1, 1, 1], lines[1].GetProperty("tokens").Integers());
        Assert.All(lines, line =>
        {
            var scores = line.GetProperty("log_probabilities").Numbers();
            Assert.All(scores, score => Assert.InRange(score, -100, 0));
            Assert.Equal(Array.IndexOf(scores, scores.Max()), line.GetProperty("prediction").GetInt32());
        });
    }

    [Fact]
    public async Task Bounds_on_memory_and_chunks_and_a_run_without_a_cache_are_taken()
    {
        using var words = new Words();
        string[] args = ["score", "--model", words.Model, "--quiet", "--input", words.File("in.jsonl", Texts)];

        var (_, plain, _) = await CommandLine.Run(args);
        var (exit, bounded, error) = await CommandLine.Run([.. args, "--no-cache", "--memory", "1.5GiB", "--chunk-tokens", "500"]);

        Assert.Equal((0, "", plain), (exit, error, bounded));
    }

    [Fact]
    public async Task Ids_score_as_their_text_does_without_a_tokenizer()
    {
        using var words = new Words();
        var bare = words.ModelWith("bare", _ => { });
        File.Delete(Path.Combine(bare, "tokenizer.json"));

        var (_, ofTexts, _) = await CommandLine.Run("score", "--model", words.Model, "--quiet", "--input", words.File("in.jsonl", Texts));
        var (exit, ofIds, _) = await CommandLine.Run("score", "--model", bare, "--quiet", "--input", words.File("ids.jsonl", Ids));

        Assert.Equal(0, exit);
        Assert.Equal(ofTexts, ofIds);
    }

    [Fact]
    public async Task An_intervention_bears_on_scores_and_rate_0_does_not()
    {
        using var words = new Words();
        string[] args = ["score", "--model", words.Model, "--quiet", "--input", words.File("in.jsonl", Texts), "--intervention"];

        var (_, none, _) = await CommandLine.Run([.. args, "none"]);
        var (_, zero, _) = await CommandLine.Run([.. args, "mlp@1:0"]);
        var (_, edited, _) = await CommandLine.Run([.. args, "mlp@-1:0.9+drop@0"]);

        Assert.Equal(none, zero);
        Assert.NotEqual(none, edited);
    }

    [Fact]
    public async Task Queries_that_cannot_be_scored_name_their_line()
    {
        using var words = new Words();

        await Refuses("{\"prompt\": \"a\", \"choices\": [\"b\", \"\"]}", "choice ''");
        await Refuses("{\"prompt\": \"a\", \"choices\": [\"b\", \"b\"]}", "choices 0 and 1 with the same tokens");
        await Refuses("{\"prompt\": \"a\", \"choices\": []}", "expected choices, found none");
        await Refuses("{\"prompt\": \"a\", \"choices\": \"b\"}", "'choices' to be a list of texts");
        await Refuses("{\"prompt\": \"\", \"choices\": [\"b\", \"c\"]}", "expected a prompt");
        await Refuses($$"""{"prompt": "{{new string('a', 256)}}", "choices": ["b", "c"]}""", "at most 256 tokens", "found 257");
        await Refuses("{\"prompt_ids\": [1], \"choice_ids\": [[2], [256]]}", "token ids from 0 to 255, found 256");
        await Refuses("{\"prompt_ids\": [-1], \"choice_ids\": [[2], [3]]}", "token ids from 0 to 255, found -1");
        await Refuses("{\"prompt_ids\": [1], \"choice_ids\": [[2], []]}", "choices of at least one id");
        await Refuses("{\"prompt_ids\": [1], \"choice_ids\": [[2], null]}", "'choice_ids' to be a list of lists of whole numbers");
        await Refuses("[1]");

        async Task Refuses(string line, params string[] parts) => await CommandLine.Refuses(
            ["score", "--model", words.Model, "--quiet", "--input", words.File("in.jsonl", $"{Texts}{line}\n")],
            [$"eckart: {words["in.jsonl"]}:3: ", "; ", .. parts]);
    }

    [Fact]
    public async Task A_weight_that_is_not_a_number_names_the_query()
    {
        using var words = new Words();
        var broken = words.ModelWith("broken", weights => weights["model.layers.1.mlp.up_proj.weight"].Values[5] = float.NaN);

        await CommandLine.Refuses(["score", "--model", broken, "--quiet", "--threads", "1", "--input", words.File("in.jsonl", Texts)], $"{words["in.jsonl"]}:1 under none: ", "finite");
    }
}
