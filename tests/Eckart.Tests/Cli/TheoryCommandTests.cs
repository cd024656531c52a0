using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

public sealed class TheoryCommandTests
{
    private static string[] Verify(params string[] more) => ["theory", "verify", "--quiet", .. more];

    private static string[] Train(string folder, params string[] more) =>
        ["regression", "train", "--attention", "linear", "--dim", "2", "--points", "5", "--layers", "2", "--steps", "30", "--batch", "8", "--quiet", "--out", folder, .. more];

    [Fact]
    public async Task Every_statement_is_reported_with_what_became_of_it()
    {
        var report = await CommandLine.Json(Verify("--trials", "20"));

        var checks = report.GetProperty("checks").EnumerateArray().ToArray();
        Assert.True(report.GetProperty("as_expected").GetBoolean());
        Assert.All(checks, check =>
        {
            Assert.NotEmpty(check.GetProperty("name").GetString()!);
            Assert.NotEmpty(check.GetProperty("claim").GetString()!);
            Assert.InRange(check.GetProperty("violations").GetInt32(), 0, check.GetProperty("trials").GetInt32());
            Assert.Equal(check.GetProperty("expected").GetBoolean(), check.GetProperty("holds").GetBoolean());
            Assert.True(check.TryGetProperty("largest_error", out _) && check.TryGetProperty("note", out _));
            if (!check.GetProperty("holds").GetBoolean()) Assert.NotEmpty(check.GetProperty("counterexample").GetString()!);
        });
        Assert.Contains(checks, check => check.GetProperty("name").GetString() == "T1-positive-definite" && !check.GetProperty("holds").GetBoolean());
        Assert.Equal(49, report.GetProperty("trained").GetProperty("interventions").GetArrayLength());
    }

    // The page that docs/theory.md refers to is what the command writes by default: at other numbers this fails.
    [Fact]
    public async Task The_documents_page_is_what_the_defaults_write()
    {
        using var folder = new TemporaryFolder();
        var page = Path.Combine(folder.Path, "page.md");

        var (exit, output, error) = await CommandLine.Run(Verify("--out", page));

        Assert.True(exit == 0, error);
        Golden.MatchFile("docs/theory-verified.md", await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken));
        Assert.EndsWith("all as is known.\n", output, StringComparison.Ordinal);
        Assert.All(output.Split('\n').Where(line => line.StartsWith("  ", StringComparison.Ordinal)), line => Assert.True(line.Length <= 120, line));
    }

    [Fact]
    public async Task A_trained_model_takes_the_place_of_the_one_that_comes_along()
    {
        using var folder = new TemporaryFolder();
        var model = Path.Combine(folder.Path, "linear");

        var trained = await CommandLine.Json(Train(model));
        var report = await CommandLine.Json(Verify("--trials", "1", "--trained", model));

        Assert.Equal((2 * 3 * 9, 30), (trained.GetProperty("parameters").GetInt32(), trained.GetProperty("steps").GetInt32()));
        Assert.Equal(["model.safetensors", "training.json"], Directory.GetFiles(model).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var study = report.GetProperty("trained");
        Assert.Equal((model, 4, 2), (study.GetProperty("model").GetString(), study.GetProperty("demonstrations").GetInt32(), study.GetProperty("given").GetInt32()));
        Assert.All(study.GetProperty("theorem_1").EnumerateArray(), layer => Assert.InRange(layer.GetProperty("largest_error").GetDouble(), 0, 1e-12));
    }

    [Fact]
    public async Task A_folder_with_a_model_is_not_written_over()
    {
        using var folder = new TemporaryFolder();
        var model = Path.Combine(folder.Path, "linear");
        await CommandLine.Json(Train(model));

        await CommandLine.Refuses(Train(model), "expected no folder of that name, found one");
    }

    [Theory]
    [InlineData("--attention", "cubic", "softmax or linear")]
    [InlineData("--heads", "2", "expected it absent with --attention linear")]
    [InlineData("--keep", "5", "expected it absent with --attention linear")]
    [InlineData("--dim", "65", "dim: expected 1 to 64, found 65")]
    [InlineData("--points", "2", "demonstrations: expected 2 to 512, found 1")]
    [InlineData("--lr", "0", "lr: expected a number above 0, found 0")]
    public async Task What_cannot_be_trained_is_refused(string option, string value, string message)
    {
        using var folder = new TemporaryFolder();
        string[] train = ["regression", "train", "--attention", "linear", "--quiet", "--out", Path.Combine(folder.Path, "linear")];

        await CommandLine.Refuses(option == "--attention" ? [.. train.Select(one => one == "linear" ? value : one)] : [.. train, option, value], message);
    }

    [Fact]
    public async Task What_cannot_be_verified_is_refused()
    {
        using var folder = new TemporaryFolder();

        await CommandLine.Refuses(Verify("--trained", folder.Path), "model.safetensors");
        await CommandLine.Refuses(Verify("--trials", "0"), "--trials", "a whole number above 0");
        await CommandLine.Refuses(Verify("--out", folder.Path), "expected the name of a file, found a folder");
    }
}
