using System.Globalization;
using System.Text.Json;
using Eckart.Cli;
using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

public sealed class PredictCommandTests
{
    [Theory]
    [InlineData("none")]
    [InlineData("mlp@1:0.9+attention@2:0.5")]
    public async Task The_rows_of_a_split_get_the_very_scores_that_evaluate_gives_them(string intervention)
    {
        using var words = new Words();
        var samples = Shape.Lines(await Samples(words, words.Args("evaluate", "--intervention", intervention)));
        var rows = Words.Rows.Split('\n')[1..];
        var input = words.File("rows.csv", "text,kind\n" + string.Concat(samples.Select(sample => rows[sample.GetProperty("row").GetInt32()] + "\n")));

        var (exit, output, error) = await CommandLine.Run(words.Args("predict", "--input", input, "--intervention", intervention));

        Assert.Equal((0, ""), (exit, error));
        AssertAgree(samples, Shape.Lines(output), ["a", "b"]);
    }

    [Fact]
    public async Task A_searchs_folder_stands_for_all_that_it_was_asked_with()
    {
        using var words = new Words();
        var (chosen, seed) = ("none", 0);
        for (; chosen == "none"; seed++)
        {
            Assert.InRange(seed, 0, 9);
            Assert.Equal((0, ""), await CommandLine.Run(words.Search($"run-{seed}", Asked(seed))) is var (exit, _, error) ? (exit, error) : default);
            chosen = JsonDocument.Parse(File.ReadAllText(words[$"run-{seed}/search.json"])).RootElement.GetProperty("chosen").GetProperty("intervention").GetString()!;
        }

        var (run, asked) = (words[$"run-{--seed}"], Asked(seed));
        var input = words.File("rows.csv", "text\ncat\n7\n");

        var by = await CommandLine.Run("predict", "--model", words.Model, "--run", run, "--input", input, "--quiet");
        var spelled = await CommandLine.Run(words.Args("predict", ["--input", input, "--intervention", chosen, .. asked]));
        var plain = await CommandLine.Run("predict", "--model", words.Model, "--run", run, "--input", input, "--intervention", "none", "--quiet");

        Assert.Equal((0, ""), (by.Exit, by.Error));
        Assert.NotEqual(plain, by);
        Assert.Equal(spelled, by);
        Assert.Equal(by, await CommandLine.Run("predict", "--run", run, "--input", input, "--quiet"));
        Assert.Equal(await CommandLine.Run(words.Args("predict", ["--input", input, .. asked])), plain);
        await CommandLine.Refuses(["predict", "--model", words.Model, "--run", run, "--shots", "2", "--input", input], "--shots: expected none beside --run");
        await CommandLine.Refuses(["predict", "--model", words.ModelConfigured("other", "rms_norm_eps", 0.25), "--run", run, "--input", input], "expected a search of this model, found one of another", "--intervention none");
        await CommandLine.Refuses(["predict", "--model", words.Model, "--run", words["nothing"], "--input", input], "expected a search's folder");

        static string[] Asked(int seed) => ["--shots", "2", "--seed", FormattableString.Invariant($"{seed}"), "--svd", "randomized"];
    }

    [Fact]
    public async Task A_folder_whose_plan_is_not_that_of_its_result_is_refused()
    {
        using var words = new Words();
        await CommandLine.Run(words.Search("run"));
        var (plan, input) = (words["run/plan.yaml"], words.File("rows.csv", "text\ncat\n"));
        var kept = File.ReadAllText(plan);
        string[] predict = ["predict", "--run", words["run"], "--input", input, "--quiet"];

        File.WriteAllText(plan, kept + "svd: randomized\n");
        await CommandLine.Refuses(predict, "plan.yaml: expected the plan of the search that was finished (words, version 1, protocol default, svd exact), found another (", "svd randomized)");
        File.WriteAllText(plan, kept.Replace("search: true", "search: true\nseeds: [1, 2]", StringComparison.Ordinal));
        await CommandLine.Refuses(predict, "plan.yaml: expected the plan of one search, found another");
        File.Delete(plan);
        await CommandLine.Refuses(predict, "plan.yaml: expected the plan of the search, found none");
    }

    [Fact]
    public async Task A_search_in_bfloat16_is_asked_in_bfloat16()
    {
        using var words = new Words();
        await CommandLine.Run(words.Search("run", "--dtype", "bf16"));
        var input = words.File("rows.csv", "text\ncat\n");

        var by = await CommandLine.Run("predict", "--run", words["run"], "--input", input, "--intervention", "none", "--quiet");

        Assert.Equal(await CommandLine.Run(words.Args("predict", "--input", input, "--dtype", "bf16")), by);
        Assert.NotEqual(await CommandLine.Run(words.Args("predict", "--input", input)), by);
    }

    [Fact]
    public async Task Choices_of_the_row_itself_are_its_labels()
    {
        var data = Shared.Find("data");
        using var words = new Words();
        string[] copa = ["--model", words.ModelConfigured("long", "max_position_embeddings", 2048), "--task", "copa", "--data", data, "--shots", "1", "--quiet", "--threads", "1"];
        var samples = Shape.Lines(await Samples(words, ["evaluate", "--test", "20", .. copa]));
        var rows = await File.ReadAllLinesAsync(Path.Combine(data, "copa", "validation.jsonl"), TestContext.Current.CancellationToken);
        var input = words.File("rows.jsonl", string.Concat(samples.Select(sample => rows[sample.GetProperty("row").GetInt32()] + "\n")));

        var (_, output, error) = await CommandLine.Run(["predict", "--input", input, .. copa]);

        Assert.Empty(error);
        AssertAgree(samples, Shape.Lines(output), null);
        var first = JsonDocument.Parse(File.ReadLines(input).First()).RootElement;
        var name = Shape.Lines(output)[0].GetProperty("probabilities").EnumerateObject().First().Name;
        Assert.Equal(first.GetProperty("choice1").GetString()!.Trim(), name, ignoreCase: true);
    }

    [Fact]
    public async Task Rows_without_a_label_are_labelled_like_rows_with_one()
    {
        using var words = new Words();
        var with = words.File("with.csv", "kind,text\nword,cat\nneither,7\n");
        var without = words.File("without.jsonl", "{\"text\": \"cat\"}\n{\"text\": \"7\", \"more\": 1}\n");

        var one = await CommandLine.Run(words.Args("predict", "--input", with));
        var other = await CommandLine.Run(words.Args("predict", "--input", without));

        Assert.Equal(0, one.Exit);
        Assert.Equal(one, other);
        Assert.Equal([0, 1], Shape.Lines(one.Output).Select(line => line.GetProperty("row").GetInt32()));
    }

    [Fact]
    public async Task Choices_that_only_a_space_tells_apart_keep_it()
    {
        using var words = new Words();
        var task = words.File("spaces.yaml", Words.Yaml.Replace("\" b\"", "\"a\"", StringComparison.Ordinal));
        var input = words.File("rows.csv", "text\ncat\n");

        var (_, output, error) = await CommandLine.Run("predict", "--model", words.Model, "--task", task, "--input", input, "--quiet");

        Assert.Empty(error);
        Assert.Equal([" a", "a"], Shape.Lines(output)[0].GetProperty("probabilities").EnumerateObject().Select(one => one.Name));
    }

    [Fact]
    public async Task A_file_gets_what_standard_output_would_and_no_row_is_no_line()
    {
        using var words = new Words();
        var rows = words.File("rows.csv", "text\ncat\n7\n");
        var none = words.File("none.csv", "text\n");

        var (_, printed, _) = await CommandLine.Run(words.Args("predict", "--input", rows));
        var written = await CommandLine.Run(words.Args("predict", "--input", rows, "--output", words["labels.jsonl"]));
        var empty = await CommandLine.Run(words.Args("predict", "--input", none));

        Assert.Equal((0, "", ""), written);
        Assert.Equal(printed, await File.ReadAllTextAsync(words["labels.jsonl"], TestContext.Current.CancellationToken));
        Assert.Equal((0, "", ""), empty);
    }

    [Fact]
    public async Task More_rows_than_a_piece_come_in_order()
    {
        using var words = new Words();
        var rows = Enumerable.Range(0, 4100).ToArray();
        var input = words.File("rows.csv", "text\n" + string.Concat(rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row}\n"))));

        var (_, output, _) = await CommandLine.Run([.. words.Args("predict", "--input", input, "--shots", "0")]);

        var lines = Shape.Lines(output);
        Assert.Equal(rows, lines.Select(line => line.GetProperty("row").GetInt32()));
        var alone = words.File("alone.csv", "text\n4099\n");
        var last = Shape.Lines((await CommandLine.Run([.. words.Args("predict", "--input", alone, "--shots", "0")])).Output)[0];
        Assert.Equal(last.GetProperty("probabilities").GetProperty("a").GetDouble(), lines[4099].GetProperty("probabilities").GetProperty("a").GetDouble(), 1e-5);
    }

    [Fact]
    public async Task The_embedded_model_labels_rows_of_its_task()
    {
        using var folder = new TemporaryFolder();
        var lines = await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "assets/tasks/microworld/phrases/test.jsonl"), TestContext.Current.CancellationToken);
        var input = folder.File("rows.jsonl", string.Join('\n', lines.Take(3)));

        var (exit, output, error) = await CommandLine.Run("predict", "--input", input, "--intervention", "mlp@2:0.75", "--quiet");

        Assert.True(exit == 0, error);
        Assert.All(Shape.Lines(output), line => Assert.Equal("row label probabilities", line.Names()));
        Assert.Equal(3, Shape.Lines(output).Count);
    }

    [Theory]
    [InlineData("text\ncat\n\"\"\"\n", "rows.csv:3")]
    [InlineData("words\ncat\n", "rows.csv:2: expected a field 'text', found 'words'")]
    public async Task A_row_that_cannot_be_asked_about_is_refused_before_any_is_labelled(string rows, string problem)
    {
        using var words = new Words();
        var (input, labels) = (words.File("rows.csv", rows), words.File("labels.jsonl", "as it was"));

        await CommandLine.Refuses(words.Args("predict", "--input", input), $"eckart: {words["."]}".TrimEnd('.'), problem, "; ");
        await CommandLine.Refuses(words.Args("predict", "--input", input, "--output", labels), problem);

        Assert.Equal("as it was", await File.ReadAllTextAsync(labels, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_is_missing_is_named()
    {
        using var words = new Words();
        var input = words.File("rows.csv", "text\ncat\n");

        await CommandLine.Refuses(words.Args("predict"), "eckart: --input: expected a file of rows, found none");
        await CommandLine.Refuses(words.Args("predict", "--input", words["no.csv"]), "no.csv: expected a file, found none");
        await CommandLine.Refuses(words.Args("predict", "--input", words.Model), "expected a file, found none");
        await CommandLine.Refuses(words.Args("predict", "--input", input, "--output", words["no/such/file"]), "expected a folder");
        await CommandLine.Refuses(words.Args("predict", "--input", input, "--intervention", "mlp@9:0.5"), "expected a layer from 0 to 2");
    }

    [Fact]
    public async Task An_interrupted_one_leaves_the_file_as_it_was()
    {
        using var words = new Words();
        var (input, labels) = (words.File("rows.csv", "text\ncat\n"), words.File("labels.jsonl", "as it was"));
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);

        var exit = await Application.RunAsync(words.Args("predict", "--input", input, "--output", labels), output, error, new CancellationToken(canceled: true));

        Assert.Equal((130, ""), (exit, output.ToString()));
        Assert.Equal("as it was", await File.ReadAllTextAsync(labels, TestContext.Current.CancellationToken));
        Assert.Empty(Directory.GetFiles(words["."], "*.tmp"));
    }

    private static async Task<string> Samples(Words words, string[] evaluate)
    {
        await CommandLine.Json([.. evaluate, "--samples", words["samples.jsonl"]]);
        return await File.ReadAllTextAsync(words["samples.jsonl"], TestContext.Current.CancellationToken);
    }

    // Probabilities are worked out here from evaluate's scores, by the same formula and so to the bit.
    private static void AssertAgree(IReadOnlyList<JsonElement> samples, IReadOnlyList<JsonElement> labels, string[]? names)
    {
        Assert.Equal(samples.Count, labels.Count);
        foreach (var (sample, label) in samples.Zip(labels))
        {
            Assert.Equal("row label probabilities", label.Names());
            var scores = sample.GetProperty("log_probabilities").Numbers();
            var logSum = Math.Log(scores.Sum(score => Math.Exp(score - scores.Max())));
            var probabilities = label.GetProperty("probabilities").EnumerateObject().ToArray();
            Assert.Equal(scores.Select(score => Math.Exp(score - scores.Max() - logSum)), probabilities.Select(one => one.Value.GetDouble()));
            Assert.Equal(1, probabilities.Sum(one => one.Value.GetDouble()), 1e-12);
            Assert.Equal(probabilities[sample.GetProperty("prediction").GetInt32()].Name, label.GetProperty("label").GetString());
            if (names is not null) Assert.Equal(names, probabilities.Select(one => one.Name));
        }
    }
}
