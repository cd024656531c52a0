using Eckart.Engine;
using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

/// <summary>What the options of <c>run</c> make of a plan, and what its folder keeps of them.</summary>
public sealed class RunOptionsTests : IDisposable
{
    private readonly Words words = new();

    public void Dispose() => words.Dispose();

    [Theory]
    [InlineData("--dtype", "bf16", "now 'dtype: bf16'; there 'dtype: f32'")]
    [InlineData("--engine", "reference", "now 'engine: reference'")]
    [InlineData("--chunk-tokens", "7", "now 'chunk-tokens: 7'; there 'chunk-tokens: 768'")]
    public async Task What_changes_numbers_is_kept_and_another_is_refused(string option, string value, string difference)
    {
        await Ran("whole");

        await CommandLine.Refuses(["run", Plan, "--out", words["whole"], "--quiet", option, value], "plan.yaml: expected the plan that is run, found another: ", difference, "use another --out");
        await Ran("other", option, value);

        // The kept plan says it all: no option is needed to go on, and one that says otherwise is refused.
        await Ran("other");
        async Task Ran(string run, params string[] more) => Assert.Equal((0, ""), await CommandLine.Run(["run", File.Exists(words[$"{run}/plan.yaml"]) ? words[$"{run}/plan.yaml"] : Plan, "--out", words[run], "--quiet", .. more]) is var (exit, _, error) ? (exit, error) : default);
    }

    [Fact]
    public async Task A_plans_own_engine_type_and_chunks_are_run_unless_options_say_otherwise()
    {
        var plan = words.File("own.yaml", $"{{name: own, models: ['{words.Model}'], tasks: ['{words.Task}'], drop: -1, engine: reference, dtype: bf16, chunk-tokens: 5}}");

        await CommandLine.Run("run", plan, "--out", words["own"], "--quiet");
        await CommandLine.Run("run", plan, "--out", words["said"], "--quiet", "--engine", "walk", "--dtype", "f32", "--chunk-tokens", "6");

        Assert.All(Shape.Lines(File.ReadAllText(words["own/trials.jsonl"])), line => Assert.Equal("bf16", line.GetProperty("key").GetProperty("dtype").GetString()));
        Assert.All(Shape.Lines(File.ReadAllText(words["said/trials.jsonl"])), line => Assert.Equal("f32", line.GetProperty("key").GetProperty("dtype").GetString()));
        Assert.All(Shape.Lines(File.ReadAllText(words["own/trials.jsonl"])), line => Assert.Equal(EngineVersions.Reference, line.GetProperty("key").GetProperty("engine").GetInt32()));
        Assert.All(Shape.Lines(File.ReadAllText(words["said/trials.jsonl"])), line => Assert.Equal(EngineVersions.Walk, line.GetProperty("key").GetProperty("engine").GetInt32()));
        Assert.Contains("engine: reference\ndtype: bf16\nchunk-tokens: 5\n", File.ReadAllText(words["own/plan.yaml"]), StringComparison.Ordinal);
        Assert.Contains("dtype: f32\nchunk-tokens: 6\n", File.ReadAllText(words["said/plan.yaml"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Threads_are_no_part_of_a_plan()
    {
        await CommandLine.Run("run", Plan, "--out", words["whole"], "--quiet", "--threads", "1");

        Assert.Equal(0, (await CommandLine.Run("run", Plan, "--out", words["whole"], "--quiet", "--threads", "2")).Exit);
    }

    [Fact]
    public async Task Modules_rates_and_level_take_the_place_of_the_plans()
    {
        Assert.Equal((0, ""), await CommandLine.Run("run", Plan, "--out", words["whole"], "--quiet", "--module", "attention,down", "--rates", "0.75", "--alpha", "0.00001") is var (exit, _, error) ? (exit, error) : default);

        Assert.Equal(["none", "attention@0:0.75", "down@0:0.75"], Shape.Lines(File.ReadAllText(words["whole/trials.jsonl"])).Select(line => line.GetProperty("intervention").GetString()));
        Assert.Contains("modules: [attention, down]\n", File.ReadAllText(words["whole/plan.yaml"]), StringComparison.Ordinal);
        Assert.Contains("rates: [0, 0.75]\n", File.ReadAllText(words["whole/plan.yaml"]), StringComparison.Ordinal);
        Assert.Equal(0, (await CommandLine.Run("run", words["whole/plan.yaml"], "--out", words["whole"], "--quiet")).Exit);      // a small level reads back
    }

    [Fact]
    public async Task A_plan_without_modules_says_that_it_has_no_use_for_them()
    {
        var plan = words.File("drops.yaml", $"{{name: drops, models: ['{words.Model}'], tasks: ['{words.Task}'], drop: -1}}");

        var (exit, _, error) = await CommandLine.Run("run", plan, "--out", words["drops"], "--module", "mlp", "--rates", "0.5");

        Assert.Equal(0, exit);
        Assert.Contains("--module, --rates ignored: plan 'drops' has no modules\n", error, StringComparison.Ordinal);
        Assert.Equal(["none", "drop@2"], Shape.Lines(File.ReadAllText(words["drops/trials.jsonl"])).Select(line => line.GetProperty("intervention").GetString()));
    }

    [Theory]
    [InlineData("--task", ",", "--task: expected names of tasks with commas between them, found ''")]
    [InlineData("--task", "context,", "--task: expected names of tasks")]
    [InlineData("--module", "mlp,head", "--module: expected some of mlp, attention, all")]
    [InlineData("--module", "", "--module: expected some of mlp")]
    [InlineData("--rates", "0", "--rates: expected a rate above 0 among them, found '0'")]
    [InlineData("--rates", "1", "--rates: expected clipping rates from 0 up to, not including, 1")]
    [InlineData("--alpha", "0", "--alpha: expected a level between 0 and 1")]
    public async Task Values_that_make_no_sense_are_refused(string option, string value, string found)
    {
        await CommandLine.Refuses(["run", Plan, "--out", words["refused"], "--quiet", option, value], $"eckart: {found}");

        Assert.False(Directory.Exists(words["refused"]));
    }

    private string Plan => words.File("plan.yaml", $"{{name: small, models: ['{words.Model}'], tasks: ['{words.Task}'], modules: mlp, layers: 0, rates: 0.5}}");
}
