using System.Globalization;
using Eckart.Models;
using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

/// <summary>What someone sees who has nothing but Eckart.</summary>
public sealed class EmbeddedDefaultTests
{
    [Fact]
    public async Task Search_with_nothing_given_finds_a_gain_that_no_label_correction_gives()
    {
        using var folder = new TemporaryFolder();
        var run = Path.Combine(folder.Path, "run");

        var document = await CommandLine.Json("search", "--quiet", "--no-cache", "--out", run);

        var test = document.GetProperty("test");
        Assert.Equal(("context", 8), (document.GetProperty("task").GetString(), document.GetProperty("shots").GetInt32()));
        Assert.Equal(1536, test.GetProperty("n").GetInt32());
        Assert.InRange(test.GetProperty("before").GetProperty("accuracy").GetDouble(), 0.85, 0.91);
        Assert.True(test.GetProperty("after").GetProperty("accuracy").GetDouble() > 0.99);
        Assert.True(test.GetProperty("p_value").GetDouble() < 0.001);
        Assert.True(test.GetProperty("beyond_control").Numbers()[0] > 0);
        Assert.Equal([0, 1, 2, 4, 8], document.GetProperty("by_shots").EnumerateArray().Select(point => point.GetProperty("shots").GetInt32()));
        Assert.True(document.GetProperty("pointed").GetProperty("after").GetProperty("correct").GetInt32() < test.GetProperty("after").GetProperty("correct").GetInt32());
        Assert.True(File.Exists(Path.Combine(run, "rates.svg")) && File.Exists(Path.Combine(run, "shots.png")));
    }

    [Fact]
    public async Task It_is_said_what_is_taken_and_how_to_take_ones_own()
    {
        var (exit, _, error) = await CommandLine.Run("evaluate", "--test", "8");

        Assert.Equal(0, exit);
        Assert.StartsWith("no --model: the embedded microworld-llama and its task context; --model PATH --task FILE.yaml for your own\n", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("microworld-llama")]
    [InlineData("microworld-gptj")]
    public async Task Renamed_labels_need_no_truncation(string model)
    {
        var neutral = await CommandLine.Json("evaluate", "--model", model, "--task", "neutral", "--quiet");
        var context = await CommandLine.Json("evaluate", "--model", model, "--task", "context", "--quiet");

        Assert.True(neutral.GetProperty("accuracy").GetDouble() > 0.99);
        Assert.True(context.GetProperty("accuracy").GetDouble() < 0.9);
    }

    [Fact]
    public async Task A_word_that_the_embedded_model_lacks_is_named() =>
        await CommandLine.Refuses(["tokenize", "--text", "long zebra :"], "expected words of the model's vocabulary", "found 'zebra'");

    [Fact]
    public async Task Linear_functions_are_learnt_by_the_embedded_model_too()
    {
        var document = await CommandLine.Json("regression", "evaluate", "--functions", "40", "--layer", "0", "--module", "mlp", "--rates", "0.5", "--quiet");

        Assert.Contains("20000 steps", document.GetRawText(), StringComparison.Ordinal);
    }

    // The card's figures are those of the file beside it.
    [Theory]
    [InlineData("microworld-llama")]
    [InlineData("microworld-gptj")]
    public void Cards_state_what_was_measured(string model)
    {
        var folder = EmbeddedModels.Find(model)!;
        var measured = File.ReadLines(Path.Combine(folder, "accuracies.csv")).Skip(1).Select(line => line.Split(',')).ToLookup(cells => cells[0]);
        var rows = File.ReadLines(Path.Combine(folder, "README.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToArray();

        Assert.Equal(15, rows.Length);
        Assert.All(rows, row =>
        {
            string[] cells = row.Split('|', StringSplitOptions.TrimEntries);
            string[][] lines = [.. measured[cells[1].Split('`')[1]]];
            Assert.Equal([.. lines[..4].Select(line => line[4]), $"{lines[4][4]} [{lines[4][5]}, {lines[4][6]}]"], cells[2..7]);
        });
        foreach (var task in new[] { "amount", "feeling", "action", "setting", "kind", "two", "amount-kept", "feeling-kept", "action-kept", "setting-kept", "two-kept" })
            Assert.True(double.Parse(measured[task].Last()[4], CultureInfo.InvariantCulture) >= 0.95, task);
    }
}
