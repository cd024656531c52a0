using System.CommandLine;
using System.Globalization;
using Eckart.Experiments;
using Eckart.Experiments.Launchers;
using Eckart.Experiments.Plans;
using Eckart.Formats;
using Eckart.Reporting;

namespace Eckart.Cli;

/// <summary>A plan handed to several processes, by the options of <c>run</c>.</summary>
/// <param name="Launcher"><c>local</c> or <c>slurm</c>.</param>
/// <param name="Shards">How many.</param>
/// <param name="Slurm">Options of sbatch; empty for none.</param>
internal sealed record LaunchOptions(string Launcher, int Shards, string Slurm)
{
    private static readonly Option<string> LauncherOption = new("--launcher") { Description = "Run --shards processes, then merge and report: local, on this machine; slurm, as an array job.", HelpName = "local|slurm" };
    private static readonly Option<int?> ShardsOption = new("--shards") { Description = "Shares that a launcher cuts the plan into.", HelpName = "N", CustomParser = OptionValues.Count };
    private static readonly Option<string> SlurmOption = new("--slurm") { Description = "Options of sbatch for the jobs, in one text, such as '--partition=cpu --time=2:00:00 --mem=8G'.", HelpName = "TEXT" };

    // What a plan does not hold.
    private static readonly Option[] PassedOn = [CommonOptions.Device, CommonOptions.NoCache, CommonOptions.Memory];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Option> All => [LauncherOption, ShardsOption, SlurmOption];

    /// <summary>What was given; null where nothing is launched.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="sharded">Whether one share is to be run here.</param>
    /// <exception cref="InputException">Options that do not go together.</exception>
    public static LaunchOptions? From(ParseResult args, bool sharded)
    {
        var (launcher, shards, slurm) = (args.GetValue(LauncherOption), args.GetValue(ShardsOption), args.GetValue(SlurmOption));
        if (launcher is null && shards is null && slurm is null) return null;
        if (launcher is not ("local" or "slurm")) throw OptionValues.Refuse(LauncherOption.Name, "local or slurm", launcher ?? "");
        if (shards is not { } count || Shard.Parse($"1/{count}") is null) throw OptionValues.Refuse(ShardsOption.Name, "a number of shares, such as 8", shards?.ToString(CultureInfo.InvariantCulture) ?? "");
        if (sharded) throw OptionValues.Refuse("--shard", "none beside --launcher, which runs them all", "one");
        if (slurm is not null && launcher != "slurm") throw OptionValues.Refuse(SlurmOption.Name, "none beside --launcher local", slurm);
        if (slurm is not null && slurm.Any(char.IsControl)) throw OptionValues.Refuse(SlurmOption.Name, "options of sbatch in one line", "several");
        return new LaunchOptions(launcher, count, slurm?.Trim() ?? "");
    }

    /// <summary>Launches.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="plan">As the options made it.</param>
    /// <param name="work">What it comes to.</param>
    /// <param name="folder">The run's.</param>
    /// <param name="files">Write the whole run.</param>
    /// <param name="cancellation">Ends what runs on this machine.</param>
    public void Run(ParseResult args, Plan plan, PlannedWork work, RunFolder folder, FileCalls files, CancellationToken cancellation)
    {
        var output = args.InvocationConfiguration.Output;
        var request = new LaunchRequest(plan, work, folder, new ShareCommand([.. ThisProgram()], Path.GetFullPath(folder.Path), [.. OptionsOf(args)]), Shards);
        if (Launcher == "slurm")
        {
            var jobs = SlurmLauncher.Launch(request, Slurm).Jobs;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"submitted {Shards} shares as job {jobs[0]}, and the merge after them as job {jobs[1]}; eckart status {ShellWord.Of(folder.Path)} shows how far they are"));
            return;
        }

        try
        {
            using var progress = Progress.Start(args, plan.Name, "trials", work.Of(Shard.Whole).Most);
            LocalLauncher.Run(request, status => progress.Report(status), cancellation);
        }
        catch (OperationCanceledException stop)
        {
            throw new RunInterruptedException(folder.Path, stop);
        }

        var trials = MergedRun.Write([folder.Path], folder.Path, files);
        RunReport.Of(folder.Path).Write(files);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Count.Of(trials, plan.Measure)} of {Shards} shares, report.html, report.md, results.csv and figures are in {folder.Path}"));
    }

    private static IEnumerable<string> ThisProgram()
    {
        var process = Environment.ProcessPath ?? "dotnet";
        var name = Path.GetFileNameWithoutExtension(process);
        if (name == "eckart") return [process];
        return [name == "dotnet" ? process : "dotnet", Path.Combine(AppContext.BaseDirectory, "eckart.dll")];
    }

    private IEnumerable<string> OptionsOf(ParseResult args)
    {
        var passed = PassedOn.SelectMany(option => args.GetResult(option) is { Implicit: false } given ? [option.Name, .. given.Tokens.Select(token => token.Value)] : Array.Empty<string>());
        if (TaskItems.DataFolder(args) is { } data) passed = passed.Concat([CommonOptions.Data.Name, Path.GetFullPath(data)]);

        // Processes beside each other share the cores; a cluster gives each task its own.
        int? threads = args.GetResult(CommonOptions.Threads) is { Implicit: false } ? args.GetValue(CommonOptions.Threads) : Launcher == "local" ? Math.Max(1, Environment.ProcessorCount / Shards) : null;
        return threads is { } count ? passed.Concat([CommonOptions.Threads.Name, count.ToString(CultureInfo.InvariantCulture)]) : passed;
    }
}
