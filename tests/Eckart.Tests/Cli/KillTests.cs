using System.Diagnostics;
using System.Globalization;
using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

/// <summary>A search in a process of its own is killed at moments drawn from a seed; the same command again ends in the bytes of an undisturbed one.</summary>
public sealed class KillTests : IDisposable
{
    private static readonly string[] Few = ["--rates", "0.1,0.25,0.5,0.75,0.9", "--by-shots", "none"];

    private readonly Words words = new();

    public void Dispose() => words.Dispose();

    [Fact]
    public Task Twenty_kills_change_no_byte() => Kill(20, seed: 20);

    [LongFact]
    public Task Two_hundred_kills_change_no_byte() => Kill(200, seed: 200);

    [Fact]
    public async Task Two_processes_on_one_folder_are_kept_apart_and_a_dead_ones_lock_is_taken_over()
    {
        using var first = Start("run", "--rates", string.Join(',', Enumerable.Range(1, 252).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i / 256m}"))));
        await Until(() => File.Exists(Path.Combine(words["run"], "trials.jsonl.holder")) && new FileInfo(Path.Combine(words["run"], "trials.jsonl")) is { Exists: true, Length: > 0 });

        // The first is stopped in its tracks rather than raced with.
        using (var stop = Process.Start("kill", ["-STOP", Id(first)])) await stop.WaitForExitAsync(TestContext.Current.CancellationToken);
        var lines = words.Trials("run");
        using (var second = Start("run"))
        {
            var error = await second.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await second.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(2, second.ExitCode);
            var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.Matches($@"^eckart: .*trials\.jsonl: expected to be the only writer, found process {Id(first)} on {Environment.MachineName} writing it since 2\d\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ; wait for it to end, or use another --out$", line);
        }

        Assert.Equal(lines, words.Trials("run"));
        first.Kill();
        await first.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Contains(Id(first), await File.ReadAllTextAsync(Path.Combine(words["run"], "trials.jsonl.holder"), TestContext.Current.CancellationToken), StringComparison.Ordinal);

        await CommandLine.Json(words.Search("run", Few));

        Assert.False(File.Exists(Path.Combine(words["run"], "trials.jsonl.holder")));
        Assert.Subset(Lines(words.Trials("run")), Lines(lines));
    }

    private static HashSet<string> Lines(byte[] trials) => [.. System.Text.Encoding.UTF8.GetString(trials).Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    private async Task Kill(int times, int seed)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows ends a process in another way");
        var random = new Random(seed);
        await RunToItsEnd("warm");
        var took = Stopwatch.StartNew();
        await RunToItsEnd("undisturbed");
        var duration = took.Elapsed;
        var expected = Contents("undisturbed");

        var (run, struck) = (0, 0);
        for (var killed = 0; killed < times; killed++)
        {
            using var process = Start($"run-{run}", Few);
            var ended = process.WaitForExitAsync(TestContext.Current.CancellationToken);
            await Task.WhenAny(ended, Task.Delay(random.NextDouble() * duration, TestContext.Current.CancellationToken));
            if (!process.HasExited) struck++;
            process.Kill();
            await ended;

            // A kill or two on one folder, then to its end.
            if (random.Next(2) == 0) continue;
            await CommandLine.Json(words.Search($"run-{run}", Few));
            AssertSame($"run-{run++}", expected);
        }

        await CommandLine.Json(words.Search($"run-{run}", Few));
        AssertSame($"run-{run}", expected);
        Assert.True(struck > times / 2, $"Only {struck} of {times} kills struck a process at work.");
    }

    private void AssertSame(string run, Dictionary<string, byte[]> expected)
    {
        var contents = Contents(run);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), contents.Keys.Order(StringComparer.Ordinal));
        foreach (var file in expected.Keys.Except(["timings.jsonl", "environment.json"])) Assert.True(expected[file].AsSpan().SequenceEqual(contents[file]), $"{run}/{file}");
        Assert.True(contents["timings.jsonl"] is [.., (byte)'\n'] or [], $"{run}: a torn line of timings");
    }

    private async Task RunToItsEnd(string run)
    {
        using var process = Start(run, Few);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }

    private Process Start(string run, params string[] more) => Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "eckart.dll"), .. words.Search(run, more)])
    {
        RedirectStandardError = true,
        RedirectStandardOutput = true,
    })!;

    private static string Id(Process process) => process.Id.ToString(CultureInfo.InvariantCulture);

    private static async Task Until(Func<bool> come)
    {
        var patience = Stopwatch.StartNew();
        while (!come())
        {
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(1), "The search has not begun.");
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    private Dictionary<string, byte[]> Contents(string run) => Directory.GetFiles(words[run]).ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes);
}
