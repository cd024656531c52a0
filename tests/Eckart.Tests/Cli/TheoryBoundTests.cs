using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Statistics;
using Eckart.Tests.Support;
using Eckart.Tests.Theory.Tracing;
using Eckart.Theory;
using Eckart.Theory.Tracing;

namespace Eckart.Tests.Cli;

/// <summary><c>theory bound</c> from options to numbers: on a small model by matrices in full, on a wide one by what it takes.</summary>
public sealed class TheoryBoundTests
{
    private const double Epsilon = 1e-3;

    private static readonly string FourShots = Words.Yaml.Replace("per_class: 1 }", "per_class: 2 }", StringComparison.Ordinal).Replace("skip: 1", "skip: 2", StringComparison.Ordinal);

    [Fact]
    public async Task Differences_are_those_of_matrices_in_full()
    {
        using var words = new Words();
        var task = words.File("four.yaml", FourShots);
        string[] interventions = ["query@1:0.5", "value@0:0.75", "mlp@1:0.5"];

        var document = await CommandLine.Json(["theory", "bound", "--model", words.Model, "--task", task, "--test", "2", "--given", "1", "--epsilons", "1e-3", "--quiet", .. interventions.SelectMany(one => new[] { "--intervention", one })]);

        using var checkpoint = Checkpoint.Open(words.Model);
        using var model = CausalLm.Load(checkpoint, ComputeOptions.Cpu);
        using var editor = new WeightEditor(model, SvdKind.Exact, seed: 0);
        var prompt = await Prompt(task);
        var before = Bounds("none");
        foreach (var (name, found) in interventions.Zip(document.GetProperty("interventions").EnumerateArray()))
            foreach (var (form, bound) in Bounds(name))
            {
                var (expected, difference) = (bound - before[form], found.GetProperty(form.ToString().ToLowerInvariant())[0].GetProperty("difference").GetDouble());
                Assert.True(Math.Abs(expected - difference) <= 1e-4 * Math.Max(1e-2, Math.Abs(expected)), $"{name}, {form}: {difference} for {expected}");
            }

        Dictionary<BoundForm, double> Bounds(string intervention)
        {
            using var edit = editor.Apply(Intervention.Parse(intervention).Resolve(model.Spec));
            var layers = DenseBound.Of(model, prompt, given: 1, Epsilon);
            return new[] { BoundForm.Gradient, BoundForm.Spectral, BoundForm.Printed }.ToDictionary(form => form, form => DenseBound.Bound(layers, form, 4, TinyModel.Hidden, Epsilon));
        }
    }

    // LLaMA's width and, with 32 heads on 8, its layout; demonstrations of 17 tokens, as SST-2's have.
    [LongFact]
    public async Task A_layer_of_4096_numbers_takes_seconds()
    {
        using var folder = new TemporaryFolder();
        var (model, weights) = WideModel.Write(folder, config =>
        {
            (config["hidden_size"], config["num_attention_heads"], config["num_key_value_heads"]) = (4096, 32, 8);
            (config["intermediate_size"], config["max_position_embeddings"]) = (11008, 1024);
        });
        folder.File("words.csv", Rows(160));
        string[] task = ["--model", model, "--task", folder.File("words.yaml", Words.Yaml.Replace("per_class: 1 }", "per_class: 16 }", StringComparison.Ordinal).Replace("skip: 1", "skip: 16", StringComparison.Ordinal)), "--test", "2", "--threads", "2", "--quiet"];

        var evaluation = await Used("evaluate", [.. task, "--intervention", "drop@-1"]);
        var bound = await Used("theory bound", [.. task, "--intervention", "drop@-1"]);
        var layer = (bound - evaluation) / TinyModel.Layers;       // an edit of the last layer leaves those before it to be measured once

        using var process = Process.GetCurrentProcess();        // its peak is that of whatever ran before, too: printed, not held to anything
        TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant($"D = 4096, N = 32: {layer.TotalSeconds:0.0} s of processors a layer; peak memory {process.PeakWorkingSet64 >> 20} MiB, {weights * sizeof(float) >> 20} MiB of it the weights"));
        Assert.True(layer < TimeSpan.FromSeconds(20), $"{layer}");        // 10 s on two cores, whatever else they do
    }

    private static async Task<TimeSpan> Used(string verb, string[] options)
    {
        var (started, before) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var (exit, _, error) = await CommandLine.Run([.. verb.Split(' '), .. options]);
        Assert.True(exit == 0, error);
        var used = Environment.CpuUsage.TotalTime - before;
        TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant($"{verb}: {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s, {used.TotalSeconds:0.0} s of processors"));
        return used;
    }

    // A byte is a token, and a line a demonstration.
    private static async Task<TracedPrompt> Prompt(string task)
    {
        var (_, output, _) = await CommandLine.Run("tasks", "render", task, "--test", "2", "--quiet");
        var text = Encoding.UTF8.GetBytes(JsonDocument.Parse(output.Split('\n')[0]).RootElement.GetProperty("prompts")[0].GetString()!);
        return new TracedPrompt("some prompt", Array.ConvertAll(text, one => (int)one), 0, [.. text.Index().Where(one => one.Item == '\n').Select(one => one.Index + 1)]);
    }

    private static string Rows(int count)
    {
        var random = new SplitMix64(3);
        string Text(int symbols, char first) => string.Create(12, random, (text, source) => { foreach (ref var one in text) one = (char)(first + source.Below(symbols)); });
        return "text,kind\n" + string.Concat(Enumerable.Range(0, count / 2).Select(_ => string.Create(CultureInfo.InvariantCulture, $"{Text(26, 'a')},word\n{Text(10, '0')},number\n")));
    }
}
