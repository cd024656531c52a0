using System.Diagnostics;
using System.Globalization;
using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

/// <summary>A plan on a real cluster: skipped by name where there is none to start.</summary>
public sealed class SlurmClusterTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly string Rates = string.Join(", ", Enumerable.Range(1, 96).Select(i => (i / 256m).ToString(CultureInfo.InvariantCulture)));

    [Fact]
    public async Task A_task_that_is_killed_is_queued_again_and_the_merge_has_the_bytes_of_one_process()
    {
        using var folder = new TemporaryFolder();
        using var cluster = new LoopbackCluster(folder.Path, nodes: 2);
        var plan = folder.File("small.yaml", $"""
            name: small
            models: [microworld-gptj]
            tasks: [context]
            modules: [mlp, attention]
            layers: [all]
            rates: [{Rates}]
            test: 100
            """);
        var (run, whole) = (Path.Combine(folder.Path, "run"), Path.Combine(folder.Path, "whole"));
        string eckart = Path.Combine(AppContext.BaseDirectory, "eckart.dll");

        Assert.StartsWith("submitted 4 shares as job 1", cluster.Run("dotnet", eckart, "run", plan, "--launcher", "slurm", "--shards", "4", "--threads", "1", "--out", run, "--quiet"), StringComparison.Ordinal);
        await Until(() => Lines(Path.Combine(run, "trials-2-of-4.jsonl")) >= 3);
        Kill(run, "2/4");
        var killed = Lines(Path.Combine(run, "trials-2-of-4.jsonl"));
        await Until(() => cluster.Queue.Trim().Length == 0);

        var share = File.ReadAllText(Path.Combine(run, "slurm", "share-2.log"));
        Assert.InRange(killed, 3, 143);
        Assert.Contains("Killed", share, StringComparison.Ordinal);
        Assert.Equal((0, ""), await Exit("run", plan, "--threads", "1", "--out", whole, "--quiet"));
        foreach (var file in new[] { "trials.jsonl", "plan.yaml", "planned.json", "finished.json", "report.md" })
            Assert.Equal(File.ReadAllBytes(Path.Combine(whole, file)), File.ReadAllBytes(Path.Combine(run, file)));
        Assert.Equal(577, Lines(Path.Combine(run, "trials.jsonl")));
    }

    private static async Task<(int Exit, string Error)> Exit(params string[] args)
    {
        var (exit, _, error) = await CommandLine.Run(args);
        return (exit, error);
    }

    // The one process whose command names this run's own folder and the share; its script does not.
    private static void Kill(string run, string share)
    {
        var found = Process.GetProcesses().Where(process => Words(process) is [_, _, "run", ..] words && words.Any(word => word.StartsWith(run, StringComparison.Ordinal)) && words.Contains(share)).ToArray();
        Assert.Single(found).Kill();
    }

    private static string[] Words(Process process)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/cmdline")).Split('\0');
        }
        catch (IOException)
        {
            return [];      // it has ended
        }
    }

    private static int Lines(string path)
    {
        if (!File.Exists(path)) return 0;
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd().Count(c => c == '\n');
    }

    private static async Task Until(Func<bool> condition)
    {
        var patience = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(patience.Elapsed < Patience, "The cluster did not come to it in time.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
