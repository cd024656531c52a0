using System.Diagnostics;
using System.Globalization;
using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

/// <summary>A plan on a real cluster: skipped by name where there is none to start.</summary>
public sealed class SlurmClusterTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_task_that_is_killed_is_queued_again_and_the_merge_has_the_bytes_of_one_process()
    {
        using var folder = new TemporaryFolder();
        using var cluster = new LoopbackCluster(folder.Path, nodes: 2);
        var (plan, run) = (Plan(folder, rates: 96), Path.Combine(folder.Path, "run"));

        Submit(cluster, plan, run, shards: 4);
        await Until(() => Lines(Path.Combine(run, "trials-2-of-4.jsonl")) >= 3);
        Kill(run, "2/4");
        var killed = Lines(Path.Combine(run, "trials-2-of-4.jsonl"));
        await Until(() => cluster.Queue.Trim().Length == 0);

        var share = File.ReadAllText(Path.Combine(run, "slurm", "share-2.log"));
        Assert.InRange(killed, 3, 143);
        Assert.Contains("Killed", share, StringComparison.Ordinal);
        await AssertBytesOfOneProcess(folder, plan, run, trials: 577);
    }

    // A node that is lost tells nobody: its share is queued again once the cluster misses it.
    [LongFact]
    public async Task Two_thousand_trials_outlive_killed_tasks_and_a_lost_node()
    {
        using var folder = new TemporaryFolder();
        using var cluster = new LoopbackCluster(folder.Path, nodes: 3);
        var (plan, run) = (Plan(folder, rates: 334), Path.Combine(folder.Path, "run"));
        var clock = Stopwatch.StartNew();

        Submit(cluster, plan, run, shards: 8);
        var killed = new Dictionary<string, int>();       // trials that a share had by then
        foreach (var share in new[] { "2/8", "5/8" })
        {
            await Until(() => Lines(JournalOf(share)) >= 20);
            Kill(run, share);
            killed[share] = Lines(JournalOf(share));
        }

        var lost = "";
        await Until(() => (lost = ShareOn("w3", run)) != "" && Lines(JournalOf(lost)) >= 20);
        Assert.True(cluster.Lose(3) > 0);
        killed[lost] = Lines(JournalOf(lost));
        await Until(() => cluster.Queue.Trim().Length == 0);

        TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant($"trials of shares that were killed: {string.Join(", ", killed)}, {lost} with its node; merged {clock.Elapsed.TotalSeconds:0} s after submission"));
        Assert.All(killed, one => Assert.InRange(one.Value, 20, Lines(JournalOf(one.Key)) - 1));
        await AssertBytesOfOneProcess(folder, plan, run, trials: 2005);

        string JournalOf(string share) => Path.Combine(run, $"trials-{share.Replace("/", "-of-", StringComparison.Ordinal)}.jsonl");
    }

    private static string Plan(TemporaryFolder folder, int rates) => folder.File("small.yaml", $"""
        name: small
        models: [microworld-gptj]
        tasks: [context]
        modules: [mlp, attention]
        layers: [all]
        rates: [{string.Join(", ", Enumerable.Range(1, rates).Select(i => (i / 1000m).ToString(CultureInfo.InvariantCulture)))}]
        test: 100
        """);

    private static void Submit(LoopbackCluster cluster, string plan, string run, int shards) =>
        Assert.StartsWith($"submitted {shards} shares as job 1", cluster.Run("dotnet", Path.Combine(AppContext.BaseDirectory, "eckart.dll"), "run", plan, "--launcher", "slurm", "--shards", $"{shards}", "--threads", "1", "--out", run, "--quiet"), StringComparison.Ordinal);

    private static async Task AssertBytesOfOneProcess(TemporaryFolder folder, string plan, string run, int trials)
    {
        var whole = Path.Combine(folder.Path, "whole");
        Assert.Equal((0, ""), await Exit("run", plan, "--threads", "1", "--out", whole, "--quiet"));
        foreach (var file in new[] { "trials.jsonl", "plan.yaml", "planned.json", "finished.json", "report.md" })
            Assert.Equal(File.ReadAllBytes(Path.Combine(whole, file)), File.ReadAllBytes(Path.Combine(run, file)));
        Assert.Equal(trials, Lines(Path.Combine(run, "trials.jsonl")));
    }

    private static async Task<(int Exit, string Error)> Exit(params string[] args)
    {
        var (exit, _, error) = await CommandLine.Run(args);
        return (exit, error);
    }

    private static void Kill(string run, string share) => Assert.Single(Shares(run), one => SystemProcess.Command(one).Contains(share)).Kill();

    private static string ShareOn(string node, string run) =>
        Shares(run).Where(one => SystemProcess.Environment(one).Contains($"SLURMD_NODENAME={node}")).SelectMany(SystemProcess.Command).FirstOrDefault(word => word.EndsWith("/8", StringComparison.Ordinal)) ?? "";

    // Processes whose command names this run's own folder; their scripts do not.
    private static Process[] Shares(string run) => SystemProcess.All(one => SystemProcess.Command(one) is [_, _, "run", ..] words && words.Any(word => word.StartsWith(run, StringComparison.Ordinal)));

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
