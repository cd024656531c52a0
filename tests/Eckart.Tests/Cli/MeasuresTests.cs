using System.Text.Json;
using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

/// <summary>Plans that measure something else than accuracy give what the verb for it gives, whole or in shares.</summary>
public sealed class MeasuresTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Spectra_are_those_of_inspect()
    {
        var plan = folder.File("plan.yaml", "{name: spectra, measure: spectra, models: [microworld-llama, microworld-gptj]}");
        var inspected = await CommandLine.Json("inspect", "--model", "microworld-gptj", "--quiet");

        await Run(plan, "whole");

        var lines = Lines("whole");
        var gptj = lines.Where(line => line.GetProperty("spectrum").GetProperty("model").GetString() == Digest("whole", "microworld-gptj")).ToArray();
        Assert.Equal(21 + 18, lines.Count);
        Assert.Equal(18, gptj.Length);
        foreach (var matrix in inspected.GetProperty("matrices").EnumerateArray())
        {
            var line = Assert.Single(gptj, one => one.GetProperty("spectrum").GetProperty("layer").GetInt32() == matrix.GetProperty("layer").GetInt32()
                && one.GetProperty("spectrum").GetProperty("projection").GetString()!.Equals(matrix.GetProperty("site").GetString(), StringComparison.OrdinalIgnoreCase));
            foreach (var measure in line.GetProperty("measures").EnumerateObject()) Assert.Equal(matrix.GetProperty(measure.Name).GetDouble(), measure.Value.GetDouble());
        }
    }

    [Fact]
    public async Task Functions_are_learnt_as_in_regression_evaluate()
    {
        var plan = folder.File("plan.yaml", "{name: functions, measure: functions, modules: mlp, layers: [0], rates: [0.5, 0.9], functions: 20, seeds: 3}");
        var evaluated = await CommandLine.Json("regression", "evaluate", "--functions", "20", "--seed", "3", "--layer", "0", "--module", "mlp", "--rates", "0.5,0.9", "--quiet");

        await Run(plan, "whole");

        var lines = Lines("whole");
        Assert.Equal(3 + 4 + 1 + 2, lines.Count);
        foreach (var truncation in evaluated.GetProperty("truncations").EnumerateArray())
        {
            var line = Assert.Single(lines, one => Name(one) == truncation.GetProperty("intervention").GetString());
            Assert.Equal(truncation.GetProperty("errors").GetProperty("by_examples").Numbers(), line.GetProperty("errors").GetProperty("means").Numbers());
            Assert.Equal(truncation.GetProperty("differences").GetProperty("mean").GetDouble(), line.GetProperty("differences").GetProperty("mean").GetDouble());
            Assert.Equal(truncation.GetProperty("beyond_control").GetProperty("mean").GetDouble(), line.GetProperty("beyond_control").GetProperty("mean").GetDouble());
            Assert.Equal(truncation.GetProperty("differences").GetProperty("mean_simultaneous_interval").Numbers()[0], line.GetProperty("differences").GetProperty("simultaneous_interval").GetProperty("low").GetDouble());
        }

        var models = evaluated.GetProperty("models").EnumerateArray().Select(one => one.GetProperty("mean").GetDouble());
        Assert.Equal(models.Order(), lines.Where(one => Name(one) == "none").Select(one => one.GetProperty("errors").GetProperty("mean").GetDouble()).Order());
        foreach (var baseline in evaluated.GetProperty("baselines").EnumerateArray())
            Assert.Equal(baseline.GetProperty("mean").GetDouble(), Assert.Single(lines, one => Name(one) == baseline.GetProperty("name").GetString()).GetProperty("errors").GetProperty("mean").GetDouble());
    }

    [Theory]
    [InlineData("{name: spectra, measure: spectra, modules: [mlp]}")]
    [InlineData("{name: functions, measure: functions, modules: mlp, layers: [0], rates: 0.5, functions: 6}")]
    public async Task Shares_and_a_resumed_run_end_in_the_bytes_of_one(string text)
    {
        var plan = folder.File("plan.yaml", text);
        await Run(plan, "whole");
        foreach (var share in new[] { "3/3", "1/3", "2/3" }) await Run(plan, "shares", "--shard", share);
        Directory.CreateDirectory(At("resumed"));
        File.Copy(At("whole/plan.yaml"), At("resumed/plan.yaml"));
        File.WriteAllLines(At("resumed/trials.jsonl"), [.. File.ReadAllLines(At("whole/trials.jsonl"))[2..5], "{\"id\":\"0"]);
        await Run(plan, "resumed");

        var (exit, _, error) = await CommandLine.Run("merge", At("shares"), "--out", At("merged"));

        Assert.Equal((0, ""), (exit, error));
        Assert.Equal(File.ReadAllBytes(At("whole/trials.jsonl")), File.ReadAllBytes(At("merged/trials.jsonl")));
        Assert.Equal(File.ReadAllBytes(At("whole/trials.jsonl")), File.ReadAllBytes(At("resumed/trials.jsonl")));
    }

    [Fact]
    public async Task Learners_are_known_by_the_type_of_their_products_too()
    {
        var plan = folder.File("plan.yaml", "{name: functions, measure: functions, functions: 6, interventions: none}");
        await Run(plan, "f32");
        await Run(plan, "bf16", "--dtype", "bf16");

        var (wide, narrow) = (Lines("f32"), Lines("bf16"));

        Assert.Equal(wide.Where(IsNoModel).Select(Id), narrow.Where(IsNoModel).Select(Id));
        Assert.Empty(wide.Where(line => !IsNoModel(line)).Select(Id).Intersect(narrow.Where(line => !IsNoModel(line)).Select(Id)));
        Assert.All(narrow.Where(line => !IsNoModel(line)), line => Assert.Equal(("bf16", 1), (line.GetProperty("learner").GetProperty("dtype").GetString(), line.GetProperty("learner").GetProperty("version").GetInt32())));
        await CommandLine.Refuses(["run", plan, "--quiet", "--out", At("f32"), "--dtype", "bf16"], "now 'dtype: bf16'; there 'dtype: f32'");

        static bool IsNoModel(JsonElement line) => line.GetProperty("learner").GetProperty("model").GetString() == "";
        static string? Id(JsonElement line) => line.GetProperty("id").GetString();
    }

    [Theory]
    [InlineData("{name: spectra, measure: spectra, modules: query}", "3 matrices")]
    [InlineData("{name: functions, measure: functions, functions: 2, interventions: none}", "8 learners")]
    [InlineData("{name: one, interventions: none, test: 2}", "1 trial")]
    public async Task Lines_are_called_by_what_they_are(string text, string lines)
    {
        var (_, run, _) = await CommandLine.Run("run", folder.File("plan.yaml", text), "--quiet", "--out", At("run"));
        var (_, merged, _) = await CommandLine.Run("merge", At("run"), "--out", At("merged"));
        var (_, report, _) = await CommandLine.Run("report", At("run"));

        Assert.Contains($"{lines} in ", run, StringComparison.Ordinal);
        Assert.StartsWith($"{lines}, report.html", merged, StringComparison.Ordinal);
        Assert.Contains($"{lines}, report.html", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_line_is_named()
    {
        var plan = folder.File("plan.yaml", "{name: spectra, measure: spectra, modules: query}");
        await Run(plan, "whole");
        var text = File.ReadAllText(At("whole/trials.jsonl"));

        foreach (var (found, instead, problem) in new[] { ("\"layer\":1", "\"layer\":2", "expected id "), ("\"shape\":[64,64]", "\"shape\":[64]", "expected a shape (m, n), found (64)"), ("\"smallest\":", "\"smallest\":1e9,\"x\":", "expected a spectrum, found another value") })
        {
            File.WriteAllText(At("whole/trials.jsonl"), text.Replace(found, instead, StringComparison.Ordinal));
            await CommandLine.Refuses(["run", plan, "--quiet", "--out", At("whole")], "trials.jsonl:", problem, "take the line out");
        }
    }

    [Fact]
    public async Task Options_without_a_use_are_ignored_and_said()
    {
        var plan = folder.File("plan.yaml", "{name: spectra, measure: spectra, modules: query}");

        var (exit, _, error) = await CommandLine.Run("run", plan, "--task", "context", "--shots", "4", "--out", At("whole"));

        Assert.Equal(0, exit);
        Assert.Contains("--task, --shots ignored: plan 'spectra' asks no task", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_order_of_the_demonstrations_is_a_trial_of_its_own_on_the_same_rows()
    {
        var plan = folder.File("plan.yaml", "{name: orders, orders: [0, 1, 2], split: both, validation: 5, test: 6, interventions: ['mlp@2:0.75']}");
        await Run(plan, "whole");

        var lines = Lines("whole");

        Assert.Equal(3 * 2 * 2, lines.Count);
        Assert.Equal(12, lines.Select(line => line.GetProperty("id").GetString()).Distinct().Count());
        Assert.Equal(4, lines.Count(line => !line.GetProperty("key").TryGetProperty("order", out _)));
        foreach (var split in lines.GroupBy(line => line.GetProperty("split").GetString()))
        {
            Assert.Single(split.Select(line => string.Join(' ', line.GetProperty("rows").Integers())).Distinct());
            Assert.Equal(6, split.Select(line => line.GetProperty("scores").GetRawText()).Distinct().Count());
        }
    }

    [Fact]
    public async Task Several_tasks_are_given_with_commas()
    {
        var plan = folder.File("plan.yaml", "{name: several, interventions: none, test: 4}");

        await Run(plan, "whole", "--task", "feeling,amount");

        Assert.Equal(["amount", "feeling"], Lines("whole").Select(line => line.GetProperty("key").GetProperty("task").GetString()));
    }

    private static string? Name(JsonElement line) => line.GetProperty("learner").GetProperty("name").GetString();

    private async Task Run(string plan, string into, params string[] more)
    {
        var (exit, _, error) = await CommandLine.Run(["run", plan, "--quiet", "--out", At(into), .. more]);
        Assert.Equal((0, ""), (exit, error));
    }

    private string At(string name) => Path.Combine(folder.Path, name);

    private IReadOnlyList<JsonElement> Lines(string run) => Shape.Lines(File.ReadAllText(At($"{run}/trials.jsonl")));

    private string? Digest(string run, string model) => JsonDocument.Parse(File.ReadAllText(At($"{run}/environment.json"))).RootElement.GetProperty("digests").GetProperty(model).GetString();
}
