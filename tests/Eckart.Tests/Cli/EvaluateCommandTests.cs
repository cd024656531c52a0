using System.Globalization;
using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

public sealed class EvaluateCommandTests
{
    private const string Fields = "model task protocol seed shots intervention ranks split n available correct accuracy accuracy_as_published majority interval macro_f1 f1 mcc nll calibration_error before gained lost p_value verdict notes";

    [Theory]
    [InlineData("test", 12, "none", "none")]
    [InlineData("validation", 6, "MLP@-1:0.90", "mlp@2:0.9")]
    public async Task Samples_bear_the_numbers_out(string split, int n, string typed, string printed)
    {
        using var words = new Words();
        var samples = words.File("samples.jsonl", "an older one");

        var document = await CommandLine.Json(words.Args("evaluate", "--split", split, "--intervention", typed, "--samples", samples));

        Assert.Equal(Fields, document.Names());
        Assert.Equal(printed, document.GetProperty("intervention").GetString());
        Assert.Equal(split, document.GetProperty("split").GetString());
        Assert.Equal(n, document.GetProperty("n").GetInt32());
        Assert.Equal(0.5, document.GetProperty("majority").GetDouble());

        var lines = Shape.Lines(await File.ReadAllTextAsync(samples, TestContext.Current.CancellationToken));
        Assert.All(lines, line => Assert.Equal("index row gold prediction log_probabilities", line.Names()));
        Assert.Equal(Enumerable.Range(0, n), lines.Select(line => line.GetProperty("index").GetInt32()));
        var (_, items, _) = await CommandLine.Run("tasks", "render", words.Task, "--split", split);
        Assert.Equal(Shape.Lines(items).Select(item => item.GetProperty("row").GetInt32()), lines.Select(line => line.GetProperty("row").GetInt32()));
        Assert.All(lines, line => Assert.Equal(line.GetProperty("log_probabilities").Numbers() is [var a, var b] && b > a ? 1 : 0, line.GetProperty("prediction").GetInt32()));
        var correct = lines.Count(line => line.GetProperty("gold").GetInt32() == line.GetProperty("prediction").GetInt32());
        Assert.Equal(correct, document.GetProperty("correct").GetInt32());
        Assert.Equal((double)correct / n, document.GetProperty("accuracy").GetDouble());
    }

    [Fact]
    public async Task Text_is_the_same_in_any_culture_and_quiet_is_quiet()
    {
        using var words = new Words();
        var before = CultureInfo.CurrentCulture;

        var here = await CommandLine.Run(words.Args("evaluate", "--alpha", "0.1"));
        (int, string, string) there;
        try
        {
            CultureInfo.CurrentCulture = Shape.Comma;
            there = await CommandLine.Run(words.Args("evaluate", "--alpha", "0.1"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.Equal((0, ""), (here.Exit, here.Error));
        Assert.Equal(here, there);
        Assert.Matches(@"^tiny on words test, default protocol, 2 demonstrations, seed 7\nnone: \d+ of 12 right, accuracy 0\.\d{4} \[0\.\d{3}, 0\.\d{3}\], macro F1 0\.\d{4}\nalways the most frequent answer: 0\.5000\n$", here.Output);
    }

    [Fact]
    public async Task An_intervention_is_set_beside_the_unedited_model_unless_it_stands_alone()
    {
        using var words = new Words();
        var edit = words.Args("evaluate", "--intervention", "all@0:0.9");

        var none = await CommandLine.Json(words.Args("evaluate"));
        var both = await CommandLine.Json(edit);
        var alone = await CommandLine.Json([.. edit, "--alone"]);

        Assert.Equal(none.GetProperty("correct").GetInt32(), both.GetProperty("before").GetProperty("correct").GetInt32());
        Assert.Equal(both.GetProperty("correct").GetInt32() - none.GetProperty("correct").GetInt32(), both.GetProperty("gained").GetInt32() - both.GetProperty("lost").GetInt32());
        Assert.Equal(both.GetProperty("correct").GetInt32(), alone.GetProperty("correct").GetInt32());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, alone.GetProperty("p_value").ValueKind);
    }

    [Fact]
    public async Task Progress_is_plain_lines_without_a_terminal()
    {
        using var words = new Words();

        var (_, _, error) = await CommandLine.Run([.. words.Args("evaluate").Where(argument => argument != "--quiet")]);

        Assert.Matches(@"^test none (\d\.\d\d)/\1 GFLOP, \d+\.\d/s, 0:\d\d\n$", error);
    }

    [Fact]
    public async Task Some_items_are_reported_as_some()
    {
        using var words = new Words();

        var document = await CommandLine.Json(words.Args("evaluate", "--test", "3"));

        Assert.Equal((3, 12), (document.GetProperty("n").GetInt32(), document.GetProperty("available").GetInt32()));
        Assert.Equal(["3 of 12 test items, evenly over the split; --test all takes all"], document.GetProperty("notes").Texts());
    }

    [Theory]
    [InlineData("--split", "train", "--split: expected validation or test, found 'train'")]
    [InlineData("--alpha", "1", "--alpha: expected a level between 0 and 1, such as 0.05, found '1'")]
    [InlineData("--alpha", "NaN", "--alpha: expected a level between 0 and 1, such as 0.05, found 'NaN'")]
    [InlineData("--validation", "0", "--validation: expected a number above 0, or all, found '0'")]
    [InlineData("--test", "-3", "--test: expected a number above 0, or all, found '-3'")]
    [InlineData("--protocol", "ours", "--protocol: expected one of default, paper, authors, found 'ours'")]
    [InlineData("--svd", "fast", "--svd: expected one of exact, randomized, found 'fast'")]
    [InlineData("--dtype", "f16", "--dtype: expected f32 or bf16, found 'f16'")]
    [InlineData("--device", "gpu", "--device: expected cpu, cuda or cuda:N, found 'gpu'")]
    [InlineData("--device", "cuda:99", "--device: expected a CUDA device, found none for cuda:99")]
    [InlineData("--engine", "fast", "--engine: expected one of walk, reference, found 'fast'")]
    [InlineData("--shots", "-1", "--shots: expected a number from 0 up, found '-1'")]
    [InlineData("--shots", "3", "task 'words': expected at most 2 demonstrations")]
    [InlineData("--seed", "-1", "--seed: expected a number from 0 up, found '-1'")]
    [InlineData("--intervention", "mlp@1:1", "intervention 'mlp@1:1': expected a clipping rate from 0 up to, not including, 1, found '1'")]
    [InlineData("--intervention", "mlp@3:0.5", "intervention mlp@3:0.5: expected a layer from 0 to 2, or from -3 to -1, found 3")]
    [InlineData("--intervention", "mlp@1:0.5+up@1:0.9", "intervention ")]
    [InlineData("--intervention", "", "intervention ")]
    [InlineData("--samples", "", "--samples: expected a path, found ''")]
    public async Task A_bad_value_is_refused_and_nothing_is_written(string option, string value, string problem)
    {
        using var words = new Words();
        var samples = words.File("samples.jsonl", "as it was");

        await CommandLine.Refuses([.. words.Args("evaluate"), option, value, .. option == "--samples" ? Array.Empty<string>() : ["--samples", samples]], $"eckart: {problem}", "; ");

        Assert.Equal("as it was", await File.ReadAllTextAsync(samples, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_is_missing_is_named()
    {
        using var words = new Words();

        await CommandLine.Refuses(["evaluate", "--task", words.Task, "--quiet"], "words test row 10", "expected words of the model's vocabulary");
        await CommandLine.Refuses(["evaluate", "--model", words.Model], "eckart: --task: expected a task, found none", "sst2");
        await CommandLine.Refuses(["evaluate", "--model", words.Model, "--task", "sst22", "--quiet"], "eckart: task 'sst22'", "did you mean 'sst2'?");
        await CommandLine.Refuses(words.Args("evaluate", "--samples", words["no/such/file"]), "no/such/file: expected a folder");
        await CommandLine.Refuses(words.Args("evaluate", "--samples", words["."]), "expected the name of a file, found a folder");
    }

    [Fact]
    public async Task Prompts_that_do_not_fit_and_weights_that_are_no_numbers_name_their_row()
    {
        using var words = new Words();
        var samples = words.File("samples.jsonl", "as it was");
        var small = words.ModelConfigured("small", "max_position_embeddings", 16);
        var broken = words.ModelWith("broken", weights => weights["model.layers.1.mlp.up_proj.weight"].Values[5] = float.NaN);

        await CommandLine.Refuses(["evaluate", "--model", small, "--task", words.Task, "--samples", samples, "--quiet"], "eckart: words test row ", "at most 16 tokens", "(--shots)");
        await CommandLine.Refuses(["evaluate", "--model", broken, "--task", words.Task, "--samples", samples, "--quiet"], "eckart: words test row ", "finite");

        Assert.Equal("as it was", await File.ReadAllTextAsync(samples, TestContext.Current.CancellationToken));
    }
}
