using System.Diagnostics;
using System.Globalization;
using Eckart.Engine;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tasks;
using Eckart.Tests.Support;
using TorchSharp;

namespace Eckart.Tests.Engine;

/// <summary>What is counted here belongs to the whole process, so nothing else runs beside it.</summary>
[CollectionDefinition(nameof(WalkMemoryTests), DisableParallelization = true)]
[Collection(nameof(WalkMemoryTests))]
public sealed class WalkMemoryTests
{
    private const long Mebibyte = 1 << 20;

    [Theory]
    [InlineData("llama", 3)]
    [InlineData("gptj", 4)]
    public void Cancelled_anywhere_it_leaves_no_tensor_alive(string family, int seed)
    {
        using var some = new SomeModel(family, seed);
        var reports = 0;
        using (var counting = WalkEngine.Over(some.Model, new EngineOptions { ChunkTokens = 40 }))
            counting.Score(some.Requests, some.Requests, (_, _) => { }, _ => reports++, CancellationToken.None);
        GC.Collect();       // what other tests left to the finaliser
        GC.WaitForPendingFinalizers();
        var before = torch.Tensor.TotalCount;

        for (var stop = 0; stop < reports; stop++)
        {
            using var cancellation = new CancellationTokenSource();
            var (engine, seen) = (WalkEngine.Over(some.Model, new EngineOptions { ChunkTokens = 40 }), 0);
            void Stop(WorkDone done)
            {
                if (seen++ == stop) cancellation.Cancel();
            }

            var thrown = Record.Exception(() => engine.Score(some.Requests, some.Requests, (_, _) => { }, Stop, cancellation.Token));
            engine.Dispose();
            Assert.True(thrown is OperationCanceledException || stop >= reports - 2, $"not cancelled at report {stop} of {reports}");      // behind the last piece of work there is nothing to cancel
            Assert.True(before == torch.Tensor.TotalCount, $"stopped at report {stop} of {reports}: {torch.Tensor.TotalCount - before} tensors left");
        }
    }

    [Fact]
    public void The_model_is_the_same_bytes_after_a_walk()
    {
        using var tiny = new TinyLm();
        var before = tiny.LogitBits();
        using var engine = WalkEngine.Over(tiny.Model, new EngineOptions());

        engine.Score([.. SomeRequests.Interventions(tiny.Model.Spec, new Random(1), 20).Select(one => new ScoreRequest(SomeRequests.Queries(tiny.Model.Spec, new Random(2), 3), one))], [], (_, _) => { }, null, CancellationToken.None);

        Assert.Equal(before, tiny.LogitBits());
    }

    [Fact]
    public void Memory_does_not_grow_over_ten_thousand_ragged_walks()
    {
        using var tiny = new TinyLm();
        using var engine = WalkEngine.Over(tiny.Model, new EngineOptions { ChunkTokens = 60 });
        var random = new Random(5);
        Intervention[] interventions = [.. SomeRequests.Interventions(tiny.Model.Spec, random, 6)];
        void Walk(int count)
        {
            for (var i = 0; i < count; i++)
            {
                int[] prompt = [.. Enumerable.Range(0, random.Next(1, 200)).Select(_ => random.Next(256))];
                engine.Score([new ScoreRequest([QueryEncoder.FromIds(tiny.Model.Spec, prompt, [[1], [2, 3]], "query")], interventions[i % interventions.Length])], [], (_, _) => { }, null, CancellationToken.None);
            }
        }

        Walk(2_000);
        var (tensors, anonymous) = (torch.Tensor.TotalCount, AnonymousBytes(Environment.ProcessId));
        Walk(8_000);

        Assert.InRange(torch.Tensor.TotalCount, 0, tensors + 100);      // buffers of sizes that had not come up
        Assert.InRange(AnonymousBytes(Environment.ProcessId), 0, anonymous + (24 * Mebibyte));
    }

    // The program itself, in a process of its own, on a checkpoint several times as large as what it may hold.
    [Theory]
    [InlineData("none")]
    [InlineData("mlp@10:0.5+query@20:0.9")]
    public async Task A_model_larger_than_the_memory_given_runs_within_it(string intervention)
    {
        const long Bound = 128 * Mebibyte;
        using var folder = new TemporaryFolder();
        var large = RandomModel.Write(folder, Llama, Config(layers: 40, hidden: 448, inner: 1792), new Random(1));
        var small = RandomModel.Write(folder, Llama, Config(layers: 40, hidden: 16, inner: 16), new Random(2));
        var input = folder.File("prompts.jsonl", string.Concat(Enumerable.Range(0, 40).Select(i => $$"""{"prompt_ids": [{{string.Join(',', Enumerable.Range(i, 60 + i))}}], "choice_ids": [[5], [6]]}""" + "\n")));
        Assert.True(new FileInfo(Path.Combine(large, "model.safetensors")).Length > 3 * Bound);

        var (least, _) = await PeakOf(small, input, "none", "128MiB");
        var (peak, output) = await PeakOf(large, input, intervention, "128MiB");

        Assert.Equal(40, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.True(peak - least <= 1.2 * Bound, $"{(peak - least) / Mebibyte} MiB beyond the runtime's own {least / Mebibyte}");
    }

    [Fact]
    public async Task Too_little_memory_is_refused_with_the_least_that_works()
    {
        using var folder = new TemporaryFolder();
        var model = RandomModel.Write(folder, Llama, Config(layers: 3, hidden: 512, inner: 2048), new Random(1));
        var input = folder.File("prompts.jsonl", """{"prompt_ids": [1, 2, 3], "choice_ids": [[5], [6]]}""" + "\n");

        var (exit, output, error) = await CommandLine.Run("score", "--model", model, "--input", input, "--memory", "8MiB", "--quiet");

        Assert.Equal((2, ""), (exit, output));
        Assert.Matches(@"^eckart: --memory: expected at least \d+ MiB for one layer and one branch, found \d+ MiB; ", error);
        var least = error.Split("at least ")[1].Split(' ')[0];
        Assert.Equal(0, (await CommandLine.Run("score", "--model", model, "--input", input, "--memory", $"{least}MiB", "--quiet")).Exit);
    }

    private static Family Llama => FamilyTable.All.Single(family => family.ModelType == "llama");

    private static System.Text.Json.Nodes.JsonObject Config(int layers, int hidden, int inner)
    {
        var config = TinyModel.LlamaConfig();
        (config["num_hidden_layers"], config["hidden_size"], config["intermediate_size"]) = (layers, hidden, inner);
        return config;
    }

    // Largest anonymous memory that was seen, and what it wrote.
    private static async Task<(long Bytes, string Output)> PeakOf(string model, string input, string intervention, string memory)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "eckart.dll"), "score", "--model", model, "--input", input, "--intervention", intervention, "--memory", memory, "--chunk-tokens", "160", "--no-cache", "--quiet"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        long peak = 0;
        while (!process.HasExited)
        {
            peak = Math.Max(peak, AnonymousBytes(process.Id));
            await Task.Delay(2);
        }

        Assert.True(process.ExitCode == 0, await error);
        return (peak, await output);
    }

    private static long AnonymousBytes(int process)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "anonymous memory is read from /proc");
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line["RssAnon:".Length..^"kB".Length], CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0;       // it has ended
        }
    }
}
