using System.Diagnostics;
using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

public sealed class LaunchTests : IDisposable
{
    private readonly Words words = new();

    public LaunchTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Slurm is not for Windows");
        words.File("plan.yaml", $"""
            name: small
            models: ['{words.Model}']
            tasks: ['{words.Task}']
            modules: [mlp, query]
            layers: [first 1, -1]
            rates: [0.5, 0.9]
            """);
        Directory.CreateDirectory(words["bin"]);
    }

    [Fact]
    public async Task An_array_and_a_merge_after_it_are_submitted()
    {
        Fake("sbatch", """echo "$@" >> "$(dirname "$0")/asked"; [ "$1" = --version ] || echo $((41 + $(grep -vc -- --version "$(dirname "$0")/asked")))""");

        var (exit, output, error) = await Run("--launcher", "slurm", "--shards", "3", "--slurm", "--partition=sweep --mem=2G", "--threads", "1", "--test", "5");

        Assert.Equal((0, ""), (exit, error));
        Assert.Equal($"submitted 3 shares as job 42, and the merge after them as job 43; eckart status {words["run"]} shows how far they are\n", output);
        Assert.Equal(["--version", $"--parsable {words["run"]}/slurm/shares.sh", $"--parsable --dependency=afterany:42 {words["run"]}/slurm/merge.sh"], File.ReadAllLines(words["bin/asked"]));
        Assert.Contains("test: 5", File.ReadAllText(words["run/plan.yaml"]), StringComparison.Ordinal);
        var script = File.ReadAllText(words["run/slurm/shares.sh"]);
        Assert.Contains("#SBATCH --partition=sweep --mem=2G\n", script, StringComparison.Ordinal);
        Assert.Contains($" run {words["run"]}/plan.yaml --out {words["run"]} --threads 1 --quiet --shard \"$SLURM_ARRAY_TASK_ID/3\"\n", script, StringComparison.Ordinal);
        var shares = (await CommandLine.Json("status", words["run"])).GetProperty("shares").EnumerateArray().ToArray();
        Assert.Equal(["1/3 waiting", "2/3 waiting", "3/3 waiting"], shares.Select(share => $"{share.GetProperty("share")} {share.GetProperty("state")}"));
    }

    [Fact]
    public async Task No_cluster_is_one_clear_error_and_nothing_is_left()
    {
        var (exit, output, error) = await Run("--launcher", "slurm", "--shards", "3");

        Assert.Equal((2, ""), (exit, output));
        Assert.Equal("eckart: sbatch: expected Slurm's sbatch on PATH, found none; run this where Slurm's commands are, or use --launcher local, or --shard i/n with another scheduler\n", error);
        Assert.False(Directory.Exists(words["run"]));
    }

    [Theory]
    [InlineData("exit 1", "")]
    [InlineData("""case "$1" in --version) ;; *) echo 'error: invalid partition' >&2; exit 1 ;; esac""", "error: invalid partition")]
    [InlineData("""case "$2" in --dep*) echo 'error: no room' >&2; exit 1 ;; *) echo 7 ;; esac""", "error: no room")]
    [InlineData("echo what", "expected the number of a job, found 'what'")]
    public async Task What_the_cluster_refuses_is_said_and_nothing_is_left(string answer, string said)
    {
        Fake("sbatch", answer);
        Fake("scancel", """echo "$@" > "$(dirname "$0")/cancelled" """);

        var (exit, _, error) = await Run("--launcher", "slurm", "--shards", "3");

        Assert.Equal(2, exit);
        Assert.Contains(said, Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.False(Directory.Exists(words["run"]));
        Assert.Equal(said == "error: no room" ? "7\n" : null, File.Exists(words["bin/cancelled"]) ? File.ReadAllText(words["bin/cancelled"]) : null);
    }

    [Fact]
    public async Task Processes_of_this_machine_end_in_the_bytes_of_one()
    {
        var (exit, output, error) = await Run("--launcher", "local", "--shards", "2", "--threads", "1");
        await CommandLine.Run("run", words["plan.yaml"], "--out", words["whole"], "--threads", "1", "--quiet");

        Assert.Equal((0, ""), (exit, error));
        Assert.Equal($"9 trials of 2 shares, report.html, report.md, results.csv and figures are in {words["run"]}\n", output);
        foreach (var file in new[] { "trials.jsonl", "plan.yaml", "planned.json", "finished.json", "results.csv", "report.md" })
            Assert.Equal(File.ReadAllBytes(words[$"whole/{file}"]), File.ReadAllBytes(words[$"run/{file}"]));
    }

    [Fact]
    public async Task A_share_that_ends_in_an_error_is_named_with_it()
    {
        words.File("run/trials-2-of-2.jsonl", "no trial\nno trial\n");

        var (exit, _, error) = await Run("--launcher", "local", "--shards", "2");

        Assert.Equal(2, exit);
        Assert.Contains("expected all 2 shares to be finished, found share 2/2 with exit 2: eckart: ", Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_number_of_shares_in_one_folder_is_refused()
    {
        words.File("run/launched.json", """{"launcher":"local","shards":4,"jobs":[]}""");
        words.File("run/plan.yaml", "name: small");

        await CommandLine.Refuses(["run", words["plan.yaml"], "--out", words["run"], "--launcher", "local", "--shards", "3", "--quiet"], ["expected the 4 shares that it was launched in, found 3; give --shards 4"]);
    }

    [Theory]
    [InlineData("--launcher: expected local or slurm, found 'lsf'", "--launcher", "lsf", "--shards", "2")]
    [InlineData("--launcher: expected local or slurm, found ''", "--shards", "2")]
    [InlineData("--shards: expected a number of shares, such as 8, found ''", "--launcher", "local")]
    [InlineData("--shard: expected none beside --launcher", "--launcher", "local", "--shards", "2", "--shard", "1/2")]
    [InlineData("--slurm: expected none beside --launcher local", "--launcher", "local", "--shards", "2", "--slurm", "--mem=1G")]
    [InlineData("--slurm: expected options of sbatch in one line", "--launcher", "slurm", "--shards", "2", "--slurm", "--mem=1G\nrm -rf")]
    public async Task Options_that_do_not_go_together_are_refused(string said, params string[] options)
    {
        await CommandLine.Refuses(["run", words["plan.yaml"], "--out", words["run"], "--quiet", .. options], [said]);

        Assert.False(Directory.Exists(words["run"]));
    }

    public void Dispose() => words.Dispose();

    private void Fake(string program, string script)
    {
        var path = words.File($"bin/{program}", $"#!/bin/bash\n{script}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    // As a process: what is on PATH is a matter of the whole process. Its own folder, and what dotnet and bash need, without a cluster that the machine may have.
    private async Task<(int Exit, string Output, string Error)> Run(params string[] more)
    {
        foreach (var program in new[] { "dotnet", "bash", "dirname", "grep" })
            if (Directories().Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists) is { } found && !File.Exists(words[$"bin/{program}"]))
                File.CreateSymbolicLink(words[$"bin/{program}"], found);
        var start = new ProcessStartInfo(words["bin/dotnet"], [Path.Combine(AppContext.BaseDirectory, "eckart.dll"), "run", words["plan.yaml"], "--out", words["run"], "--quiet", .. more])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["PATH"] = words["bin"];
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output, await error);

        static string[] Directories() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
    }
}
