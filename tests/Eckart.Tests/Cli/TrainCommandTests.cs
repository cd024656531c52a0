using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

public sealed class TrainCommandTests
{
    private static string[] Small(string folder, string family = "llama") =>
        ["train", "microworld", "--family", family, "--layers", "1", "--width", "16", "--heads", "2", "--mlp", "24", "--steps", "20", "--batch", "4", "--out", folder, "--quiet"];

    [Theory]
    [InlineData("llama")]
    [InlineData("gptj")]
    public async Task A_training_leaves_a_folder_that_other_verbs_take(string family)
    {
        using var folder = new TemporaryFolder();
        var model = Path.Combine(folder.Path, "model");

        var report = await CommandLine.Json(Small(model, family));
        var shown = await CommandLine.Json("models", "show", model);

        Assert.Equal(20, report.GetProperty("steps").GetInt64());
        Assert.Equal(report.GetProperty("parameters").GetInt64(), shown.GetProperty("parameters").GetInt64());
        Assert.Equal(family, shown.GetProperty("family").GetString());
        Assert.Equal("F16", shown.GetProperty("types")[0].GetString());
        Assert.Empty(shown.GetProperty("unused_tensors").EnumerateArray());
        Assert.Equal(["accuracies.csv", "checkpoints", "config.json", "curve.csv", "curve.png", "curve.svg", "model.safetensors", "tokenizer.json", "training.json"], Directory.GetFileSystemEntries(model).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Other_settings_on_the_same_folder_are_refused()
    {
        using var folder = new TemporaryFolder();
        var model = Path.Combine(folder.Path, "model");
        await CommandLine.Json(Small(model));

        await CommandLine.Refuses([.. Small(model), "--lr", "0.5"], "training.json", "learning_rate 0.005 there, 0.5 asked for");
    }

    [Theory]
    [InlineData("--family", "bert", "expected one of llama, gptj")]
    [InlineData("--lr", "-1", "a number above 0")]
    [InlineData("--heads", "3", "expected heads of an even size")]
    public async Task What_cannot_be_trained_is_refused(string option, string value, string message)
    {
        using var folder = new TemporaryFolder();

        await CommandLine.Refuses(["train", "microworld", option, value, "--steps", "5", "--out", Path.Combine(folder.Path, "model")], message);
    }
}
