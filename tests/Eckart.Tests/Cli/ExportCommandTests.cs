using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

public sealed class ExportCommandTests
{
    [Fact]
    public async Task Json_is_as_promised_and_the_folder_predicts_as_the_intervention_does()
    {
        using var words = new Words();

        var document = await CommandLine.Json("export", "--model", words.Model, "--intervention", "MLP@-1:0.50+drop@0", "--out", words["out"], "--quiet");
        var edited = await CommandLine.Json(words.Args("evaluate", "--alone", "--intervention", "mlp@2:0.5+drop@0", "--samples", words["edited.jsonl"]));
        var exported = await CommandLine.Json(["evaluate", "--model", words["out"], "--task", words.Task, "--quiet", "--samples", words["exported.jsonl"]]);

        Assert.Equal("model intervention format layers matrices files bytes out", document.Names());
        Assert.Equal(("drop@0+mlp@2:0.5", "dense", 2, words["out"]), (document.GetProperty("intervention").GetString(), document.GetProperty("format").GetString(), document.GetProperty("layers").GetInt32(), document.GetProperty("out").GetString()));
        Assert.Equal(["README.md", "config.json", "model.safetensors", "tokenizer.json"], document.GetProperty("files").Texts());
        Assert.Equal(Directory.GetFiles(words["out"]).Sum(file => new FileInfo(file).Length), document.GetProperty("bytes").GetInt64());
        Assert.Equal(["gate@2 [24,16] 8", "up@2 [24,16] 8", "down@2 [16,24] 8"], document.GetProperty("matrices").EnumerateArray()
            .Select(matrix => $"{matrix.GetProperty("matrix").GetString()} {JsonNode.Parse(matrix.GetProperty("shape").GetRawText())!.ToJsonString()} {matrix.GetProperty("rank").GetInt32()}"));
        Assert.All(document.GetProperty("matrices").EnumerateArray(), matrix => Assert.InRange(matrix.GetProperty("energy").GetDouble(), 0.5, 0.999));
        Assert.Equal(edited.GetProperty("correct").GetInt32(), exported.GetProperty("correct").GetInt32());
        foreach (var (one, other) in await Lines("edited.jsonl") is var expected ? expected.Zip(await Lines("exported.jsonl")) : [])
            foreach (var (a, b) in one.GetProperty("log_probabilities").Numbers().Zip(other.GetProperty("log_probabilities").Numbers())) Assert.Equal(a, b, 1e-4);

        async Task<IReadOnlyList<JsonElement>> Lines(string name) => Shape.Lines(await File.ReadAllTextAsync(words[name], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_card_says_what_was_done_and_how_in_any_culture_alike()
    {
        using var words = new Words();
        string[] export = ["export", "--model", words.Model, "--intervention", "query@1:0.75+drop@-1", "--out", words["out"]];
        var before = CultureInfo.CurrentCulture;

        await CommandLine.Run([.. export, "--quiet"]);
        var here = await Card(words);
        try
        {
            CultureInfo.CurrentCulture = Shape.Comma;
            await CommandLine.Run([.. export, "--force", "--json"]);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.Equal(here, await Card(words));
        Assert.Matches(@"^---\nbase_model: ""tiny""\nlibrary_name: transformers\npipeline_tag: text-generation\ntags:\n- eckart\n- svd-truncation\n---\n\n# tiny, query@1:0.75\+drop@2\n\nMade from tiny by Eckart \S+, without training", here);
        Assert.Contains("\nLayer 2 is left out, counted from 0; those behind move up, and 2 of 3 layers are left.\n", here, StringComparison.Ordinal);
        Assert.Matches(@"\n\| query@1 \| `model\.layers\.1\.self_attn\.q_proj\.weight` \| 16 × 16 \| 4 \| 16 \| 0\.\d{4} \|\n", here);
        Assert.Contains("\nNo test came with this export.", here, StringComparison.Ordinal);
        Assert.Contains($"\n```sh\neckart {string.Join(' ', export)}\n```\n", here, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_searchs_choice_is_exported_with_its_test()
    {
        using var words = new Words();
        await CommandLine.Json(words.Search("run"));
        var search = JsonNode.Parse(await File.ReadAllBytesAsync(Path.Combine(words["run"], "search.json"), TestContext.Current.CancellationToken))!;
        var (chosen, test) = ((string)search["chosen"]!["intervention"]!, search["test"]!);

        var document = await CommandLine.Json("export", "--model", words.Model, "--run", words["run"], "--out", words["out"], "--quiet");

        Assert.Equal(chosen, document.GetProperty("intervention").GetString());
        var card = await Card(words);
        Assert.Contains("\nChosen among 3 interventions on validation items of `words` (default protocol, 2 demonstrations, seed 7, f32), then tested once, on 12 other items:\n", card, StringComparison.Ordinal);
        Assert.Contains("\n| test | right | accuracy | 95% interval |\n|---|---|---|---|\n| always the most frequent answer | | 0.5000 | |\n", card, StringComparison.Ordinal);
        foreach (var (what, count) in new[] { ("the source as it is", test["before"]), ("the source, a bias a label fitted", test["controls"]!["bias"]), ("the source, an affine map a label fitted", test["controls"]!["affine"]), ($"`{chosen}`", test["after"]) })
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"\n| {what} | {(int)count!["correct"]!}/12 | {(double)count["accuracy"]!:0.0000} | 0."), card, StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"\n**{(string)test["verdict"]!}**: gained {(int)test["gained"]!}, lost {(int)test["lost"]!} of 12 (exact McNemar p = {(double)test["p_value"]!:0.####}); beyond"), card, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_search_alone_its_own_model_is_exported_and_what_it_is_worth_is_said()
    {
        using var words = new Words();
        await CommandLine.Json(words.Search("run"));
        var search = JsonNode.Parse(await File.ReadAllBytesAsync(Path.Combine(words["run"], "search.json"), TestContext.Current.CancellationToken))!;

        var (exit, _, error) = await CommandLine.Run("export", "--run", words["run"], "--out", words["out"]);
        await CommandLine.Json("export", "--model", words.Model, "--run", words["run"], "--out", words["named"], "--quiet");

        Assert.Equal(0, exit);
        Assert.Contains($"{words["run"]}: {search["chosen"]!["intervention"]} was chosen: {search["test"]!["verdict"]}\n", error, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(Path.Combine(words["named"], "model.safetensors")), File.ReadAllBytes(Path.Combine(words["out"], "model.safetensors")));
    }

    [Fact]
    public async Task Evidence_of_another_model_another_intervention_or_none_at_all_is_refused()
    {
        using var words = new Words();
        await CommandLine.Json(words.Search("run"));
        var other = words.ModelWith("other", weights => weights["model.norm.weight"].Values[0] = 2);
        string[] export = ["export", "--model", words.Model, "--out", words["out"], "--quiet"];

        await CommandLine.Refuses([.. export, "--run", words["run"], "--intervention", "up@0:0.25"], "eckart: intervention up@0:0.25: expected ", "which the run chose, found another");
        await CommandLine.Refuses(["export", "--model", other, "--out", words["out"], "--quiet", "--run", words["run"]], "expected the model of the run (digest ", "found another");
        await CommandLine.Refuses([.. export, "--run", words["run"], "--svd", "randomized"], "--svd: expected exact, as in the run, found 'randomized'");
        await CommandLine.Refuses([.. export, "--run", words["run"], "--seed", "8"], "--seed: expected 7, as in the run, found '8'");
        await CommandLine.Refuses([.. export, "--run", words["none"]], "expected a search's folder with search.json, found none");
        words.File("half/search.json", "{\"task\": \"words\"}");
        await CommandLine.Refuses([.. export, "--run", words["half"]], "search.json: expected a search's result, found another value");
        await File.WriteAllTextAsync(Path.Combine(words["run"], "trials.jsonl"), "", TestContext.Current.CancellationToken);
        await CommandLine.Refuses([.. export, "--run", words["run"]], "run: expected a test trial of ", "which search.json says was chosen, found none");

        Assert.False(Directory.Exists(words["out"]));
    }

    [Fact]
    public async Task A_search_with_the_randomised_decomposition_is_exported_with_it()
    {
        using var words = new Words();
        await CommandLine.Json(words.Search("run", "--svd", "randomized", "--layer", "1"));
        string[] export = ["export", "--model", words.Model, "--run", words["run"], "--quiet", "--out"];

        await CommandLine.Json([.. export, words["out"]]);
        var chosen = (string)JsonNode.Parse(await File.ReadAllBytesAsync(Path.Combine(words["run"], "search.json"), TestContext.Current.CancellationToken))!["chosen"]!["intervention"]!;
        await CommandLine.Json("export", "--model", words.Model, "--intervention", chosen, "--svd", "randomized", "--seed", "7", "--out", words["same"], "--quiet");
        await CommandLine.Json("export", "--model", words.Model, "--intervention", chosen, "--out", words["exact"], "--quiet");

        Assert.Equal(Weights("out"), Weights("same"));
        Assert.Equal(chosen == "none", Weights("exact").AsSpan().SequenceEqual(Weights("out")));

        byte[] Weights(string name) => File.ReadAllBytes(Path.Combine(words[name], "model.safetensors"));
    }

    [Theory]
    [InlineData("--format", "lora", "--format: expected dense, found 'lora', which cannot be written yet")]
    [InlineData("--format", "factored", "--format: expected dense, found 'factored', which cannot be written yet")]
    [InlineData("--format", "gguf", "--format: expected dense, found 'gguf', which cannot be written yet")]
    [InlineData("--format", "onnx", "--format: expected dense, found 'onnx'")]
    [InlineData("--dtype", "f16", "--dtype: expected f32 or bf16, found 'f16'")]
    [InlineData("--dtype", "bf16", "expected a GGUF file where a type is asked for, found a folder")]
    [InlineData("--svd", "fast", "--svd: expected one of exact, randomized, found 'fast'")]
    [InlineData("--seed", "-1", "--seed: expected a number from 0 up, found '-1'")]
    [InlineData("--threads", "0", "--threads: expected a number above 0, found '0'")]
    [InlineData("--intervention", "mlp@3:0.5", "expected a layer from 0 to 2")]
    [InlineData("--intervention", "", "intervention ''")]
    [InlineData("--out", "", "--out: expected a path, found ''")]
    public async Task A_bad_value_is_refused_and_nothing_is_written(string option, string value, string problem)
    {
        using var words = new Words();
        string[] usual = ["--intervention", "mlp@1:0.5", "--out", words["out"]];

        await CommandLine.Refuses(["export", "--model", words.Model, "--quiet", option, value, .. usual.Chunk(2).Where(pair => pair[0] != option).SelectMany(pair => pair)], "eckart: ", problem);

        Assert.False(Directory.Exists(words["out"]));
    }

    [Fact]
    public async Task What_is_missing_is_named()
    {
        using var words = new Words();

        await CommandLine.Refuses(["export", "--model", words.Model, "--intervention", "none"], "eckart: --out: expected a folder to write, found none");
        await CommandLine.Refuses(["export", "--model", words.Model, "--out", words["out"]], "eckart: --intervention: expected an intervention or a search's folder, found neither");
        Directory.CreateDirectory(words["out"]);
        await CommandLine.Refuses(["export", "--model", words.Model, "--out", words["out"], "--intervention", "none"], "out: expected no folder of that name, found one", "--force");
    }

    [Fact]
    public async Task One_that_is_killed_leaves_a_folder_that_the_next_one_removes()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signal to send to another process");
        using var words = new Words();
        var model = Shared.Find(Shared.SmolLm2);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "eckart.dll"), "export", "--model", model, "--intervention", "none", "--out", words["out"], "--quiet"]);

        using (var process = Process.Start(start)!)
        {
            var patience = Stopwatch.StartNew();
            while (Directory.GetFiles(words["."], "model.safetensors.*.tmp", SearchOption.AllDirectories) is not [var path] || new FileInfo(path) is not { Exists: true, Length: > 1_000_000 })
            {
                Assert.True(patience.Elapsed < TimeSpan.FromMinutes(1) && !process.HasExited, "The export is not seen at work.");
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }

            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.False(Directory.Exists(words["out"]));
        Assert.Single(Directory.GetDirectories(words["."], "out.*.tmp"));

        await CommandLine.Json("export", "--model", words.Model, "--intervention", "none", "--out", words["out"], "--quiet");

        Assert.Equal(["out"], Directory.GetDirectories(words["."], "out*").Select(Path.GetFileName));
    }

    private static Task<string> Card(Words words) => File.ReadAllTextAsync(Path.Combine(words["out"], "README.md"), TestContext.Current.CancellationToken);
}
