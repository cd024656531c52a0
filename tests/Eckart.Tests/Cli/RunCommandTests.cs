using Eckart.Cli;
using Eckart.Engine;
using Eckart.Experiments;
using Eckart.Experiments.Plans;
using Eckart.Models;
using Eckart.Search;
using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

public sealed class RunCommandTests : IDisposable
{
    private readonly Words words = new();

    [Fact]
    public async Task A_plan_is_run_and_reported()
    {
        var (exit, output, error) = await Run("whole");

        Assert.Equal((0, ""), (exit, error));
        Assert.Matches(@"(?m)^9 trials in \d+\.\d s \(\d+\.\d s of processors\), expected \d+\.\d s where nothing else runs; report\.html, report\.md, results\.csv and figures are in ", output);
        Assert.Equal(9, Lines("whole").Length);
        Assert.Equal(10, File.ReadAllLines(words["whole/results.csv"]).Length);
        Assert.Contains("| `mlp@0:0.5` |", File.ReadAllText(words["whole/report.md"]), StringComparison.Ordinal);
        Assert.Equal([".png", ".svg"], Directory.GetFiles(words["whole/figures"]).Select(Path.GetExtension).Order());
        Assert.True(File.Exists(words["whole/report.html"]));
        await HoldsTheTexts(Assert.Single(Directory.GetFiles(words["whole/items"])));
        Assert.Contains("modules: [mlp, query]", File.ReadAllText(words["whole/plan.yaml"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_shows_what_would_be_done_and_does_nothing()
    {
        var (exit, output, _) = await Run("dry", "--dry-run");

        Assert.Equal(0, exit);
        Assert.Matches(@"9 trials in 1 walk; 0\.0 GFLOP; expected \d+\.\d s: walks \d+\.\d s, decompositions \d+\.\d s unless they are in the cache, prompts \d+\.\d s, lines \d+\.\d s\n", output);
        Assert.False(Directory.Exists(words["dry"]));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(12)]
    public async Task Shares_merge_to_the_bytes_of_one_run(int shares)
    {
        await Run("whole");
        for (var share = shares; share >= 1; share--) Assert.Equal(0, (await Run("shares", "--shard", $"{share}/{shares}")).Exit);

        var (exit, output, error) = await CommandLine.Run("merge", words["shares"], "--out", words["merged"]);

        Assert.Equal((0, ""), (exit, error));
        Assert.StartsWith("9 trials", output, StringComparison.Ordinal);
        foreach (var file in new[] { "trials.jsonl", "plan.yaml", "results.csv", "report.md" }.Concat(Directory.GetFiles(words["whole/items"]).Select(path => $"items/{Path.GetFileName(path)}")))
            Assert.Equal(File.ReadAllBytes(words[$"whole/{file}"]), File.ReadAllBytes(words[$"merged/{file}"]));
    }

    [Fact]
    public async Task A_share_that_is_missing_is_named()
    {
        await Run("shares", "--shard", "1/3");
        await Run("shares", "--shard", "3/3");

        await CommandLine.Refuses(["merge", words["shares"], "--out", words["merged"]], ["expected all 3 shares, found none of 2/3"]);
    }

    [Fact]
    public async Task Another_order_of_the_plan_and_a_resumed_run_end_in_the_same_bytes()
    {
        await Run("whole");
        words.File("turned.yaml", Plan.Replace("[mlp, query]", "[query, mlp]", StringComparison.Ordinal).Replace("[first 1, -1]", "[-1, first 1]", StringComparison.Ordinal));
        Assert.Equal(0, (await CommandLine.Run("run", words["turned.yaml"], "--out", words["turned"], "--quiet")).Exit);
        Directory.CreateDirectory(words["resumed"]);
        File.Copy(words["whole/plan.yaml"], words["resumed/plan.yaml"]);
        File.WriteAllLines(words["resumed/trials.jsonl"], Lines("whole")[3..6]);

        await Run("resumed");

        Assert.Equal(File.ReadAllBytes(words["whole/trials.jsonl"]), File.ReadAllBytes(words["turned/trials.jsonl"]));
        Assert.Equal(File.ReadAllBytes(words["whole/trials.jsonl"]), File.ReadAllBytes(words["resumed/trials.jsonl"]));
    }

    [Fact]
    public async Task What_was_run_now_is_told_from_what_was_there()
    {
        await Run("run");
        var (_, again, _) = await Run("run");
        File.WriteAllLines(words["run/trials.jsonl"], Lines("run")[..7]);
        var (_, rest, _) = await Run("run");

        Assert.Matches(@"(?m)^9 trials, 0 of them now, in \d+\.\d s \(\d+\.\d s of processors\); report", again);
        Assert.Matches(@"(?m)^9 trials, 2 of them now, in \d+\.\d s \(\d+\.\d s of processors\); report", rest);
    }

    [Fact]
    public async Task A_clock_that_jumps_changes_nothing_but_the_times()
    {
        await Run("whole");
        var plan = PlanFile.Load(words["plan.yaml"]);
        using var runner = new PlanRunner(plan, model => new ModelSession(Checkpoint.Open(model), new ComputeOptions(TorchSharp.torch.CPU, TorchSharp.torch.float32, 1), new EngineOptions()), null);

        var clock = new JumpingClock();
        var counts = new PlanRun(plan, runner, Shard.Whole, clock).In(RunFolder.Open(words["jumping"], clock: clock), new RunListener(), null, TestContext.Current.CancellationToken);

        Assert.Equal((9, 9), counts);
        foreach (var file in new[] { "trials.jsonl", "planned.json", "finished.json" }) Assert.Equal(File.ReadAllBytes(words[$"whole/{file}"]), File.ReadAllBytes(words[$"jumping/{file}"]));
        Assert.All(File.ReadAllLines(words["jumping/timings.jsonl"]), line => Assert.DoesNotContain("-", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stray_share_of_another_cut_is_named_by_the_merge()
    {
        await Run("shares", "--shard", "1/2");
        await Run("shares", "--shard", "2/2");
        await Run("shares", "--shard", "1/4");

        await CommandLine.Refuses(["merge", words["shares"], "--out", words["merged"]], ["expected all 4 shares, found none of 2/4, 3/4, 4/4", "or, as there are shares of 2 too, take trials-1-of-4.jsonl away"]);
        File.Delete(words["shares/trials-1-of-4.jsonl"]);
        Assert.Equal(0, (await CommandLine.Run("merge", words["shares"], "--out", words["merged"])).Exit);
    }

    [Fact]
    public async Task A_plans_folder_is_no_evidence_for_an_export()
    {
        await Run("whole");

        await CommandLine.Refuses(["export", "--model", words.Model, "--run", words["whole"], "--out", words["exported"], "--quiet"], ["whole: expected a search's folder with search.json, found none; give the --out folder of an eckart search that has come to its end"]);
    }

    [Fact]
    public async Task Nothing_is_written_into_the_folder_of_another_kind_of_run()
    {
        await Run("whole");
        await CommandLine.Json(words.Search("search", "--rates", "0.5"));
        var (trials, plan) = (File.ReadAllBytes(words["search/trials.jsonl"]), File.ReadAllBytes(words["search/plan.yaml"]));

        await CommandLine.Refuses(["run", words["plan.yaml"], "--out", words["search"], "--quiet"], ["expected the plan that is run, found another: now 'name:", "there 'search: true'", "use another --out"]);
        await CommandLine.Refuses(["merge", words["whole"], "--out", words["search"]], ["expected the plan that is run, found another"]);
        File.Delete(words["search/plan.yaml"]);
        await CommandLine.Refuses(["run", words["plan.yaml"], "--out", words["search"], "--quiet"], ["found the trials of another run", "use another --out"]);
        File.WriteAllBytes(words["search/plan.yaml"], plan);
        await CommandLine.Refuses([.. words.Search("whole", "--rates", "0.5"), "--quiet"], ["expected a new folder or a search's, found a plan's run"]);

        Assert.Equal(trials, File.ReadAllBytes(words["search/trials.jsonl"]));
        Assert.Equal(9, Lines("whole").Length);
        Assert.Equal(plan, File.ReadAllBytes(words["search/plan.yaml"]));
    }

    [Theory]
    [InlineData("one", "one")]
    [InlineData("one", "two")]
    public async Task Models_keep_their_names_whoever_ran_them(string first, string second)
    {
        var plan = words.File("models.yaml", "{name: models, models: [microworld-llama, microworld-gptj], tasks: context, test: 8, drop: all}");
        await CommandLine.Run("run", plan, "--out", words["alone"], "--quiet");
        await CommandLine.Run("run", plan, "--out", words[first], "--quiet", "--shard", "1/2");
        await CommandLine.Run("run", plan, "--out", words[second], "--quiet", "--shard", "2/2");

        Assert.Equal(0, (await CommandLine.Run(["merge", .. new[] { words[first], words[second] }.Distinct(), "--out", words["merged"]])).Exit);

        Assert.Equal(File.ReadAllText(words["alone/report.md"]), File.ReadAllText(words["merged/report.md"]));
        Assert.Equal(File.ReadAllText(words["alone/results.csv"]), File.ReadAllText(words["merged/results.csv"]));
        Assert.Contains("microworld-gptj on context", File.ReadAllText(words["merged/report.md"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_another_plan_is_refused_with_what_differs()
    {
        await Run("whole");

        await CommandLine.Refuses(["run", words["plan.yaml"], "--out", words["whole"], "--test", "5", "--quiet"], ["plan.yaml: expected the plan that is run, found another: now 'test: 5'", "use another --out"]);

        Assert.Equal(9, Lines("whole").Length);
    }

    [Theory]
    [InlineData("--shard", "4/3", "expected a share such as 3/64, found '4/3'")]
    [InlineData("--shard", "0/3", "expected a share")]
    [InlineData("--task", "nowhere", "task 'nowhere'")]
    public async Task Options_that_make_no_sense_are_refused_before_anything_is_made(string option, string value, string found)
    {
        words.File("plan.yaml", Plan);
        await CommandLine.Refuses(["run", words["plan.yaml"], "--out", words["refused"], "--quiet", option, value], [found]);

        Assert.False(Directory.Exists(words["refused"]));
    }

    [Fact]
    public async Task A_report_is_made_anew_from_the_folder_alone()
    {
        await Run("whole");
        var before = File.ReadAllText(words["whole/report.md"]);
        File.Delete(words["whole/report.md"]);
        Directory.Delete(words["whole/figures"], recursive: true);
        Directory.Delete(words.Model, recursive: true);

        Assert.Equal(0, (await CommandLine.Run("report", words["whole"])).Exit);

        Assert.Equal(before, File.ReadAllText(words["whole/report.md"]));
    }

    public void Dispose() => words.Dispose();

    // What a prompt of tasks render ends with, without the demonstrations that it begins with.
    private async Task HoldsTheTexts(string path)
    {
        var (_, rendered, _) = await CommandLine.Run("tasks", "render", words.Task, "--split", "test");
        using var items = System.Text.Json.JsonDocument.Parse(File.ReadAllText(path));
        var prompts = Shape.Lines(rendered).Select(line => line.GetProperty("prompts")[0].GetString()!).ToArray();
        var texts = items.RootElement.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!).ToArray();

        Assert.Equal(prompts.Length, texts.Length);
        Assert.All(prompts.Zip(texts), pair => Assert.EndsWith(pair.Second, pair.First, StringComparison.Ordinal));
        Assert.All(texts, text => Assert.Matches(@"^\w+ =$", text));
        Assert.Equal([" a", " b"], items.RootElement.GetProperty("choices")[0].EnumerateArray().Select(choice => choice.GetString()));
    }

    private string Plan => $"""
        name: small
        models: ['{words.Model}']
        tasks: ['{words.Task}']
        modules: [mlp, query]
        layers: [first 1, -1]
        rates: [0.5, 0.9]
        """;

    private async Task<(int Exit, string Output, string Error)> Run(string folder, params string[] more)
    {
        words.File("plan.yaml", Plan);
        return await CommandLine.Run(["run", words["plan.yaml"], "--out", words[folder], "--quiet", .. more]);
    }

    private string[] Lines(string folder) => File.ReadAllLines(words[$"{folder}/trials.jsonl"]);
}
