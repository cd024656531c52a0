using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

public sealed class HelpExamplesTests
{
    public static TheoryData<string> Verbs => ["", "search", "evaluate", "predict", "export", "inspect", "score", "tokenize", "tasks", "tasks show", "tasks render", "models", "models show", "bench", "train", "train microworld", "regression", "regression train", "regression evaluate", "theory", "theory verify", "theory trace", "theory patch", "theory bound"];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Help_fits_a_hundred_columns(string verb)
    {
        var (exit, output, error) = await CommandLine.Run([.. verb.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        Assert.Equal(0, exit);
        Assert.Empty(error);
        Assert.All(output.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 100, line));
    }

    [Theory]
    [InlineData("", "  eckart inspect --model MODEL")]
    [InlineData("search", "  eckart search --model MODEL --task cb --data DATA\n")]
    [InlineData("evaluate", "--intervention mlp@-1:0.95 --samples cb.jsonl\n")]
    [InlineData("score", "{\"prompt\": \"The sky is\", \"choices\": [\" blue\", \" green\"]}\n")]
    [InlineData("regression train", "  eckart regression train --out models/functions\n")]
    [InlineData("tasks render", "  eckart tasks render cb --data DATA --split validation --validation 5\n")]
    public async Task Help_ends_in_examples(string verb, string example)
    {
        var (_, output, _) = await CommandLine.Run([.. verb.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        Assert.Contains(example, output.ReplaceLineEndings("\n")[output.IndexOf("Examples:", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--rates", "0,0.1,0.5,0.75,0.9,0.95,0.99,0.995")]
    [InlineData("--alpha", "0.05")]
    [InlineData("--module", "mlp")]
    [InlineData("--top-k", "3")]
    public async Task Help_says_what_holds_where_an_option_is_absent(string option, string value)
    {
        var (_, output, _) = await CommandLine.Run("search", "--help");

        var words = string.Join(' ', output[output.IndexOf($"  {option} <", StringComparison.Ordinal)..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains($"[default: {value}]", words[..words.IndexOf(']', words.IndexOf("[default", StringComparison.Ordinal))] + "]", StringComparison.Ordinal);
    }
}
