using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

/// <summary>What a search refuses, and what is left of its folder then.</summary>
public sealed class SearchRefusalTests
{
    [Fact]
    public async Task A_weight_that_is_not_a_number_is_no_result()
    {
        using var words = new Words();
        var broken = words.ModelWith("broken", weights => weights["model.layers.1.mlp.up_proj.weight"].Values[5] = float.NaN);

        await CommandLine.Refuses(["search", "--model", broken, "--task", words.Task, "--quiet", "--out", words["run"], "--layer", "0"], "eckart: words validation row ", "finite", "; ");
        await CommandLine.Refuses(["search", "--model", broken, "--task", words.Task, "--quiet", "--out", words["run"]], "model.layers.1.mlp.up_proj.weight", "finite", "; ");

        Assert.False(Directory.Exists(words["run"]));

        // A folder that was there is left as it was.
        words.File("old/note.txt", "mine");
        await CommandLine.Refuses(["search", "--model", broken, "--task", words.Task, "--quiet", "--out", words["old"], "--layer", "0"], "finite");
        Assert.Equal(["note.txt"], Directory.GetFileSystemEntries(words["old"]).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("--rates", "0.5,1", "--rates: expected clipping rates from 0 up to, not including, 1, such as 0,0.5,0.95, found '1'")]
    [InlineData("--rates", "0.5;0.9", "--rates: ")]
    [InlineData("--rates", "", "--rates: ")]
    [InlineData("--layer", "3", "--layer: expected a layer from -3 to 2, or all, found '3'")]
    [InlineData("--layer", "-4", "--layer: expected a layer from -3 to 2, or all, found '-4'")]
    [InlineData("--layer", "last", "--layer: ")]
    [InlineData("--by-shots", "0,some", "--by-shots: expected numbers of demonstrations such as 0,1,2,4,8, or none, found 'some'")]
    [InlineData("--module", "head", "--module: expected one of ")]
    [InlineData("--aggregate", "sum", "--aggregate: ")]
    [InlineData("--top-k", "-1", "--top-k: expected a number above 0, found '-1'")]
    [InlineData("--alpha", "0", "--alpha: ")]
    [InlineData("--threads", "0", "--threads: ")]
    [InlineData("--test", "some", "--test: ")]
    public async Task A_bad_value_is_refused_before_a_folder_is_made(string option, string value, string problem)
    {
        using var words = new Words();

        await CommandLine.Refuses(["search", "--model", words.Model, "--task", words.Task, "--quiet", "--out", words["run"], option, value], $"eckart: {problem}", "; ");

        Assert.False(Directory.Exists(words["run"]));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_gone_on_with_stays_as_it_is()
    {
        using var words = new Words();
        await CommandLine.Json(words.Search("run"));
        var path = Path.Combine(words["run"], "trials.jsonl");
        var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);

        using (new FileStream(path + ".lock", FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            await CommandLine.Refuses(words.Search("run"), $"eckart: {path}: expected to be the only writer", "; ");
        Assert.Equal(text, await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));

        var damaged = text.Replace("\"n\":6", "\"n\":7", StringComparison.Ordinal);
        var line = damaged[..damaged.IndexOf("\"n\":7", StringComparison.Ordinal)].Count(c => c == '\n') + 1;
        await File.WriteAllTextAsync(path, damaged, TestContext.Current.CancellationToken);
        await CommandLine.Refuses(words.Search("run"), $"eckart: {path}:{line}: expected 7 scores", "; ");
        Assert.Equal(damaged, await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));

        await CommandLine.Refuses(words.Search("words.csv"), $"eckart: {words["words.csv"]}: expected a folder for the run", "; ");
        await CommandLine.Refuses(words.Args("search", "--out", ""), "eckart: --out: expected a path, found ''", "; ");
    }

    [Fact]
    public async Task A_matrix_that_the_model_lacks_is_named_by_its_option()
    {
        using var folder = new TemporaryFolder();
        await CommandLine.Refuses(
            ["search", "--model", "microworld-gptj", "--task", "context", "--module", "gate", "--quiet", "--out", Path.Combine(folder.Path, "run")],
            "eckart: --module: expected a module or matrix that GPT-J has (query, key, value, output, up, down), found 'gate'; give one of these");
    }
}
