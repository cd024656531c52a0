using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

public sealed class RegressionCommandTests
{
    private static string[] Small(string folder, string family = "llama") =>
        ["regression", "train", "--dim", "2", "--points", "5", "--family", family, "--layers", "2", "--width", "16", "--heads", "2", "--mlp", "24", "--steps", "40", "--batch", "4", "--keep", "10,20", "--out", folder, "--quiet"];

    private static string[] Evaluate(params string[] more) => ["regression", "evaluate", "--functions", "30", "--quiet", .. more];

    [Theory]
    [InlineData("llama")]
    [InlineData("gptj")]
    public async Task A_training_leaves_models_that_other_verbs_take(string family)
    {
        using var folder = new TemporaryFolder();
        var model = Path.Combine(folder.Path, "model");

        var report = await CommandLine.Json(Small(model, family));
        var shown = await CommandLine.Json("models", "show", Path.Combine(model, "steps", "10"));
        var inspected = await CommandLine.Json("inspect", "--model", model);

        Assert.Equal(40, report.GetProperty("steps").GetInt64());
        Assert.Equal((4, 9), (shown.GetProperty("vocabulary").GetInt32(), shown.GetProperty("positions").GetInt32()));
        Assert.Empty(shown.GetProperty("unused_tensors").EnumerateArray());
        Assert.Equal(2, inspected.GetProperty("layers").GetInt32());
        Assert.Equal(["checkpoints", "config.json", "curve.csv", "curve.png", "curve.svg", "model.safetensors", "steps", "training.json"], Directory.GetFileSystemEntries(model).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_evaluation_compares_learners_training_steps_and_truncations()
    {
        using var folder = new TemporaryFolder();
        var (model, results) = (Path.Combine(folder.Path, "model"), Path.Combine(folder.Path, "results"));
        await CommandLine.Json(Small(model));

        var report = await CommandLine.Json(Evaluate("--model", model, "--rates", "0.5,0.9", "--out", results));

        Assert.Equal(["10 steps", "20 steps", "40 steps"], report.GetProperty("models").EnumerateArray().Select(one => one.GetProperty("name").GetString()));
        Assert.Equal(["least squares", "3-nearest neighbours", "averaging"], report.GetProperty("baselines").EnumerateArray().Select(one => one.GetProperty("name").GetString()));
        Assert.Equal(
            ["mlp@0:0.5", "mlp@0:0.9", "attention@0:0.5", "attention@0:0.9", "mlp@1:0.5", "mlp@1:0.9", "attention@1:0.5", "attention@1:0.9"],
            report.GetProperty("truncations").EnumerateArray().Select(one => one.GetProperty("intervention").GetString()));
        Assert.Equal(["learners.png", "learners.svg", "results.csv", "results.json", "steps.png", "steps.svg", "truncated.png", "truncated.svg"], Directory.GetFiles(results).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var csv = await File.ReadAllLinesAsync(Path.Combine(results, "results.csv"), TestContext.Current.CancellationToken);
        Assert.Equal(1 + ((3 + 3 + 8 + 1) * 5), csv.Length);
        Assert.All(csv, line => Assert.Equal(9, line.Split(',').Length));
    }

    [Fact]
    public async Task Tables_fit_eighty_columns_and_the_same_command_prints_the_same()
    {
        using var folder = new TemporaryFolder();
        var model = Path.Combine(folder.Path, "model");
        await CommandLine.Json(Small(model));

        var (exit, output, error) = await CommandLine.Run(Evaluate("--model", model, "--layer", "-1"));
        var (_, again, _) = await CommandLine.Run(Evaluate("--model", model, "--layer", "-1", "--threads", "1"));

        Assert.True(exit == 0, error);
        Assert.Contains("attention@1:0.995", output, StringComparison.Ordinal);
        Assert.DoesNotContain("@0:", output, StringComparison.Ordinal);
        Assert.All(output.Split('\n'), line => Assert.True(line.Length <= 80, line));
        Assert.Equal(output, again);
    }

    [Fact]
    public async Task Several_models_are_named_by_their_folders()
    {
        using var folder = new TemporaryFolder();
        var model = Path.Combine(folder.Path, "model");
        await CommandLine.Json(Small(model));

        var report = await CommandLine.Json(Evaluate("--model", Path.Combine(model, "steps", "20"), Path.Combine(model, "steps", "10"), "--rates", "0"));

        Assert.Equal(["20", "10"], report.GetProperty("models").EnumerateArray().Select(one => one.GetProperty("name").GetString()));
        Assert.Empty(report.GetProperty("truncations").EnumerateArray());
    }

    [Fact]
    public async Task A_model_of_text_is_refused()
    {
        using var folder = new TemporaryFolder();
        var model = Path.Combine(folder.Path, "text");
        await CommandLine.Json("train", "microworld", "--layers", "1", "--width", "16", "--heads", "2", "--mlp", "24", "--steps", "2", "--batch", "2", "--out", model, "--quiet");

        await CommandLine.Refuses(Evaluate("--model", model), "expected a model of linear functions", "tokens", "give a folder that regression train wrote");
    }

    [Fact]
    public async Task Models_of_different_functions_are_not_compared()
    {
        using var folder = new TemporaryFolder();
        var (model, other) = (Path.Combine(folder.Path, "model"), Path.Combine(folder.Path, "other"));
        await CommandLine.Json(Small(model));
        await CommandLine.Json([.. Small(other).Select(argument => argument == "5" ? "6" : argument)]);

        await CommandLine.Refuses(Evaluate("--model", other, model), "expected functions of 2 dimensions and 5 points", "found 2 and 6");
    }

    [Theory]
    [InlineData("--dim", "65", "dim: expected 1 to 64, found 65")]
    [InlineData("--points", "1", "points: expected 2 to 512, found 1")]
    [InlineData("--keep", "7,x", "numbers of steps such as 500,2000")]
    [InlineData("--keep", "50", "keep: expected steps from 1 to 40, found 50")]
    public async Task What_cannot_be_trained_is_refused(string option, string value, string message)
    {
        using var folder = new TemporaryFolder();
        var model = Path.Combine(folder.Path, "model");

        await CommandLine.Refuses(["regression", "train", "--steps", "40", option, value, "--out", model], message);
        Assert.False(Directory.Exists(model));
    }

    [Fact]
    public async Task Other_settings_on_the_same_folder_are_refused()
    {
        using var folder = new TemporaryFolder();
        var model = Path.Combine(folder.Path, "model");
        await CommandLine.Json(Small(model));

        await CommandLine.Refuses([.. Small(model), "--lr", "0.5"], "training.json", "learning_rate 0.001 there, 0.5 asked for");
    }

    [Theory]
    [InlineData("--layer", "2", "expected a layer from 0 to 1")]
    [InlineData("--layer", "last", "a layer, or all")]
    [InlineData("--module", "brain", "some of mlp, attention")]
    [InlineData("--rates", "1", "clipping rates from 0 up to")]
    public async Task What_cannot_be_truncated_is_refused(string option, string value, string message)
    {
        using var folder = new TemporaryFolder();
        var model = Path.Combine(folder.Path, "model");
        await CommandLine.Json(Small(model));

        await CommandLine.Refuses(Evaluate("--model", model, option, value), message);
    }
}
