using System.Globalization;
using System.Text.Json;
using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

public sealed class SearchCommandTests
{
    [Fact]
    public async Task Json_is_as_promised()
    {
        using var words = new Words();

        var document = await CommandLine.Json(words.Search("run"));

        Assert.Equal("model task protocol module seed shots alpha choice layers_tried validation chosen test pointed by_shots notes seconds out", document.Names());
        Assert.Equal(("words", "default", "mlp", 7, 2), (Text("task"), Text("protocol"), Text("module"), document.GetProperty("seed").GetInt32(), document.GetProperty("shots").GetInt32()));
        Assert.Equal("module indicator aggregate by_layer top layer", document.GetProperty("choice").Names());
        var layer = document.GetProperty("choice").GetProperty("layer").GetInt32();
        var validation = document.GetProperty("validation").EnumerateArray().ToList();
        Assert.Equal(["none", $"mlp@{layer}:0.5", $"mlp@{layer}:0.9"], validation.Select(one => one.GetProperty("intervention").GetString()));
        Assert.Equal([0, 0.5, 0.9], validation.Select(one => one.GetProperty("rate").GetDouble()));
        Assert.All(validation, one => Assert.StartsWith("rate intervention n correct accuracy", one.Names(), StringComparison.Ordinal));
        Assert.Equal("rate intervention", document.GetProperty("chosen").Names());
        var best = validation.MaxBy(one => one.GetProperty("correct").GetInt32());
        Assert.Equal(best.GetProperty("intervention").GetString(), document.GetProperty("chosen").GetProperty("intervention").GetString());
        Assert.Equal(words["run"], Text("out"));

        string? Text(string name) => document.GetProperty(name).GetString();
    }

    [Fact]
    public async Task Another_search_in_a_folder_is_said_the_same_one_again_is_not()
    {
        using var words = new Words();
        const string Said = " holds another search: its trials stay, and report, predict and export follow this one\n";
        string[] search = [.. words.Search("run").Where(word => word != "--quiet")];

        var first = await CommandLine.Run(search);
        var again = await CommandLine.Run(search);
        var other = await CommandLine.Run([.. search, "--shots", "0"]);

        Assert.Equal((0, 0, 0), (first.Exit, again.Exit, other.Exit));
        Assert.DoesNotContain(Said, first.Error + again.Error, StringComparison.Ordinal);
        Assert.Contains(words["run"] + Said, other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_test_is_that_of_evaluate()
    {
        using var words = new Words();

        var test = (await CommandLine.Json(words.Search("run", "--layer", "1"))).GetProperty("test");
        var evaluated = await CommandLine.Json(words.Args("evaluate"));

        Assert.Equal("n majority before after difference gained lost p_value verdict controls beyond_control", test.Names());
        Assert.Equal((12, 0.5), (test.GetProperty("n").GetInt32(), test.GetProperty("majority").GetDouble()));
        Assert.StartsWith("correct accuracy", test.GetProperty("before").Names(), StringComparison.Ordinal);
        Assert.Equal(evaluated.GetProperty("correct").GetInt32(), test.GetProperty("before").GetProperty("correct").GetInt32());
        Assert.Equal(evaluated.GetProperty("interval").Numbers(), test.GetProperty("before").GetProperty("interval").Numbers());
        Assert.Equal(
            test.GetProperty("after").GetProperty("correct").GetInt32() - test.GetProperty("before").GetProperty("correct").GetInt32(),
            test.GetProperty("gained").GetInt32() - test.GetProperty("lost").GetInt32());
        Assert.Equal("bias affine", test.GetProperty("controls").Names());
        Assert.Equal(2, test.GetProperty("beyond_control").Numbers().Length);
    }

    [Theory]
    [InlineData("0", new[] { 0 })]
    [InlineData("-1", new[] { 2 })]
    [InlineData("all", new[] { 0, 1, 2 })]
    public async Task A_layer_of_ones_own_or_all(string layer, int[] tried)
    {
        using var words = new Words();

        var document = await CommandLine.Json(words.Search("run", "--layer", layer));

        Assert.Equal(tried, document.GetProperty("layers_tried").Integers());
        Assert.Equal(1 + (2 * tried.Length), document.GetProperty("validation").GetArrayLength());
        var choice = document.GetProperty("choice");
        Assert.Equal("module indicator aggregate by_layer top layer", choice.Names());
        var pointed = document.GetProperty("pointed");
        if (layer != "all")
        {
            Assert.Equal(JsonValueKind.Null, pointed.ValueKind);
            Assert.Equal((tried[0], JsonValueKind.Null), (choice.GetProperty("layer").GetInt32(), choice.GetProperty("by_layer").ValueKind));
            return;
        }

        Assert.Equal("layer intervention after gained lost p_value", pointed.Names());
        Assert.Equal(choice.GetProperty("layer").GetInt32(), pointed.GetProperty("layer").GetInt32());
        Assert.Equal(
            pointed.GetProperty("after").GetProperty("correct").GetInt32() - document.GetProperty("test").GetProperty("before").GetProperty("correct").GetInt32(),
            pointed.GetProperty("gained").GetInt32() - pointed.GetProperty("lost").GetInt32());

        // Of equal candidates the smaller rate, then the deeper layer.
        var best = document.GetProperty("validation").EnumerateArray()
            .OrderByDescending(one => one.GetProperty("correct").GetInt32()).ThenBy(one => one.GetProperty("rate").GetDouble())
            .ThenByDescending(one => one.GetProperty("intervention").GetString(), StringComparer.Ordinal).First();
        Assert.Equal(best.GetProperty("intervention").GetString(), document.GetProperty("chosen").GetProperty("intervention").GetString());
    }

    [Fact]
    public async Task A_tasks_file_may_name_the_layers_and_the_option_overrides_it()
    {
        using var words = new Words();
        var task = words.File("layers.yaml", await File.ReadAllTextAsync(words.Task, TestContext.Current.CancellationToken) + "\nlayer: all\n");

        var all = await CommandLine.Json([.. words.Search("run").Select(argument => argument == words.Task ? task : argument)]);
        var one = await CommandLine.Json([.. words.Search("run", "--layer", "1").Select(argument => argument == words.Task ? task : argument)]);

        Assert.Equal([0, 1, 2], all.GetProperty("layers_tried").Integers());
        Assert.Contains(all.GetProperty("notes").EnumerateArray(), note => note.GetString()!.StartsWith("all layers are tried because the task's file says so", StringComparison.Ordinal));
        Assert.Equal([1], one.GetProperty("layers_tried").Integers());
        Assert.DoesNotContain(one.GetProperty("notes").EnumerateArray(), note => note.GetString()!.Contains("file says so", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Other_numbers_of_demonstrations_are_tested_on_the_same_rows()
    {
        using var words = new Words();

        var document = await CommandLine.Json(words.Search("run", "--layer", "1", "--by-shots", "2,0"));
        var evaluated = await CommandLine.Json(words.Args("evaluate", "--shots", "0"));

        var points = document.GetProperty("by_shots").EnumerateArray().ToArray();
        Assert.Equal([0, 2], points.Select(point => point.GetProperty("shots").GetInt32()));
        Assert.Equal(evaluated.GetProperty("correct").GetInt32(), points[0].GetProperty("before").GetProperty("correct").GetInt32());
        Assert.True(JsonElement.DeepEquals(document.GetProperty("test").GetProperty("before"), points[1].GetProperty("before")));
        Assert.True(JsonElement.DeepEquals(document.GetProperty("test").GetProperty("after"), points[1].GetProperty("after")));
        Assert.True(File.Exists(Path.Combine(words["run"], "shots.png")));
        Assert.True(File.Exists(Path.Combine(words["run"], "shots.svg")));
    }

    [Fact]
    public async Task The_folder_keeps_every_trial_and_no_time_among_them()
    {
        using var words = new Words();

        var document = await CommandLine.Json(words.Search("run"));

        var trials = Shape.Lines(System.Text.Encoding.UTF8.GetString(words.Trials("run")));
        var chosen = document.GetProperty("chosen").GetProperty("rate").GetDouble() > 0;
        Assert.Equal(chosen ? 5 : 4, trials.Count);
        Assert.All(trials, trial =>
        {
            Assert.StartsWith("id intervention split n correct accuracy ", trial.Names(), StringComparison.Ordinal);
            Assert.EndsWith("scores gold rows", trial.Names(), StringComparison.Ordinal);
            Assert.DoesNotContain("second", trial.GetRawText(), StringComparison.Ordinal);
        });
        Assert.Equal(["environment.json", "finished.json", "plan.yaml", "planned.json", "rates.png", "rates.svg", "search.json", "timings.jsonl", "trials.jsonl", "trials.jsonl.lock"], Directory.GetFiles(words["run"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var kept = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(words["run"], "search.json"), TestContext.Current.CancellationToken)).RootElement;
        Assert.Equal("model task protocol module seed shots alpha choice layers_tried validation chosen test pointed by_shots notes", kept.Names());
    }

    [Fact]
    public async Task The_same_command_gives_the_same_bytes()
    {
        using var words = new Words();

        await CommandLine.Json(words.Search("one"));
        await CommandLine.Json(words.Search("two", "--threads", "2")[..^2]);

        Assert.Equal(words.Trials("one"), words.Trials("two"));
        Assert.Equal(File.ReadAllBytes(Path.Combine(words["one"], "search.json")), File.ReadAllBytes(Path.Combine(words["two"], "search.json")));
    }

    [Fact]
    public async Task The_same_folder_again_runs_nothing_again()
    {
        using var words = new Words();
        await CommandLine.Json(words.Search("run"));
        var (trials, timings) = (words.Trials("run"), File.ReadAllBytes(Path.Combine(words["run"], "timings.jsonl")));

        var (exit, _, error) = await CommandLine.Run([.. words.Search("run").Where(argument => argument != "--quiet")]);

        Assert.Equal(0, exit);
        Assert.DoesNotContain("GFLOP", error, StringComparison.Ordinal);
        Assert.Equal(trials, words.Trials("run"));
        Assert.Equal(timings, File.ReadAllBytes(Path.Combine(words["run"], "timings.jsonl")));
    }

    [Fact]
    public async Task Other_settings_keep_the_trials_of_both()
    {
        using var words = new Words();
        await CommandLine.Json(words.Search("run"));
        var first = words.Trials("run");

        await CommandLine.Json(words.Search("run", "--rates", "0.25"));
        await CommandLine.Json(words.Search("run", "--shots", "0"));

        var trials = Shape.Lines(System.Text.Encoding.UTF8.GetString(words.Trials("run")));
        Assert.All(Shape.Lines(System.Text.Encoding.UTF8.GetString(first)), kept => Assert.Contains(trials, trial => trial.GetRawText() == kept.GetRawText()));
        Assert.Contains(trials, trial => trial.GetProperty("intervention").GetString()!.EndsWith(":0.25", StringComparison.Ordinal));
        Assert.Equal(trials.Count, trials.Select(trial => trial.GetProperty("id").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task A_torn_last_line_is_run_again_to_the_same_bytes()
    {
        using var words = new Words();
        await CommandLine.Json(words.Search("run"));
        var whole = words.Trials("run");
        await File.WriteAllBytesAsync(Path.Combine(words["run"], "trials.jsonl"), whole[..^20], TestContext.Current.CancellationToken);

        await CommandLine.Json(words.Search("run"));

        Assert.Equal(whole, words.Trials("run"));
    }

    [Fact]
    public async Task A_torn_last_line_is_said_to_be_dropped()
    {
        using var words = new Words();
        await CommandLine.Json(words.Search("run"));
        await File.WriteAllBytesAsync(Path.Combine(words["run"], "trials.jsonl"), words.Trials("run")[..^20], TestContext.Current.CancellationToken);

        var (exit, _, error) = await CommandLine.Run([.. words.Search("run").Where(arg => arg != "--quiet")]);

        Assert.Equal(0, exit);
        Assert.Contains($"{words["run"]}: dropped the last line of trials.jsonl, which was cut short\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_culture_gives_the_same_text_and_bytes()
    {
        using var words = new Words();
        var (_, here, _) = await CommandLine.Run(words.Search("here", "--alpha", "0.1"));

        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = Shape.Comma;
        var (_, there, _) = await CommandLine.Run(words.Search("there", "--alpha", "0.1"));
        CultureInfo.CurrentCulture = before;

        Assert.Equal(here.Split('\n')[..^2], there.Split('\n')[..^2]);   // all but the line with the seconds
        Assert.Equal(words.Trials("here"), words.Trials("there"));
        Assert.Equal(File.ReadAllBytes(Path.Combine(words["here"], "search.json")), File.ReadAllBytes(Path.Combine(words["there"], "search.json")));
    }

    [Fact]
    public async Task Text_says_what_came_of_it()
    {
        using var words = new Words();

        var (exit, output, error) = await CommandLine.Run(words.Search("run"));

        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("tiny on words, default protocol, 2 demonstrations, seed 7\n", output, StringComparison.Ordinal);
        Assert.Contains("<- chosen", output, StringComparison.Ordinal);
        Assert.Contains("95% interval", output, StringComparison.Ordinal);
        Assert.Contains("3 interventions tried", output, StringComparison.Ordinal);
        Assert.Contains("\nvalidation accuracy by clipping rate: x the layer whose mlp is truncated, * several\n", output, StringComparison.Ordinal);
        Assert.EndsWith($"every trial is in {words["run"]}\n", output, StringComparison.Ordinal);
        Assert.All(output.Split('\n').Where(line => !line.Contains(words["run"], StringComparison.Ordinal)), line => Assert.True(line.Length <= 240, line));
    }
}
