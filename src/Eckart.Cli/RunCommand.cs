using System.CommandLine;
using System.Globalization;
using Eckart.Engine;
using Eckart.Experiments;
using Eckart.Experiments.Plans;
using Eckart.Formats;
using Eckart.Reporting;
using Spectre.Console;

namespace Eckart.Cli;

/// <summary><c>run PLAN</c>: every trial of a plan, resumable, whole or a share of it.</summary>
internal static class RunCommand
{
    private static readonly Argument<string> PlanPath = new("plan") { Description = "The plan, a .yaml file such as plans/figure-1.yaml." };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Show the trials, the walks, their operations and the time they should take; run nothing." };
    private static readonly Option<string> Share = new("--shard") { Description = "Run one of n equal shares, into a journal of its own; eckart merge joins them.", HelpName = "i/n", DefaultValueFactory = _ => "1/1" };

    /// <param name="files">Write the run's folder.</param>
    public static Command Create(FileCalls files)
    {
        var command = new Command("run", "Run every trial of a plan: resumable, whole or in shares; options given override the plan's.") { PlanPath }
            .With(CommonOptions.Running).With(CommonOptions.Task).With(CommonOptions.Sampling).With(CommonOptions.Svd, DryRun, Share).With(LaunchOptions.All).With(CommonOptions.Out);
        command.SetAction((args, cancellation) => Task.Run(() => Run(args, files, cancellation), cancellation));
        return command;
    }

    /// <summary>Says that the last line of a journal was cut short.</summary>
    public static void SayDropped(ParseResult args, RunFolder folder, Shard shard)
    {
        if (!args.GetValue(CommonOptions.Quiet)) args.InvocationConfiguration.Error.WriteLine($"{folder.Path}: dropped the last line of {shard.JournalName}, which was cut short");
    }

    private static void Run(ParseResult args, FileCalls files, CancellationToken cancellation)
    {
        var shard = Shard.Parse(args.GetValue(Share)!) ?? throw OptionValues.Refuse(Share.Name, "a share such as 3/64", args.GetValue(Share)!);
        var launch = LaunchOptions.From(args, sharded: args.GetResult(Share) is { Implicit: false });
        var outFolder = args.PathOf(CommonOptions.Out);
        var plan = PlanOptions.Overridden(PlanFile.Load(args.GetValue(PlanPath)!), args);
        using var progress = new RunProgress(args, episode => $"{episode.Trials.Model} on {episode.Trials.Task}, {episode.Trials.Shots} demonstrations, seed {episode.Trials.Seed}");
        using var runner = PlanOptions.RunnerOf(plan, args, cancellation);
        var dry = args.GetValue(DryRun);
        var laid = runner.LayOut(count: launch is null || dry, progress.Listener, cancellation);
        progress.Dispose();
        var work = new PlannedWork(plan.Searches, [.. laid.Select(one => one.Trials)]);
        if (launch is not null && !dry)
        {
            launch.Run(args, plan, work, FolderOf(plan, outFolder, files), cancellation);
            return;
        }

        var processes = launch?.Shards ?? shard.Of;
        var expected = TimeSpan.FromSeconds(laid.Sum(one => one.Operations ?? 0) / GemmRate.Measure(Compute.From(args)).PerSecond / processes);
        if (dry) Show(args.InvocationConfiguration.Output, laid, work, expected);
        else Run(args, new PlanRun(plan, runner, shard, TimeProvider.System), expected, FolderOf(plan, outFolder, files), progress, cancellation);
    }

    private static void Run(ParseResult args, PlanRun run, TimeSpan expected, RunFolder folder, RunProgress progress, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        var trials = 0;
        try
        {
            trials = run.In(folder, progress.Listener, () => SayDropped(args, folder, run.Shard), cancellation);
        }
        catch (OperationCanceledException stop)
        {
            throw new RunInterruptedException(folder.Path, stop);
        }

        progress.Dispose();
        var took = TimeProvider.System.GetElapsedTime(started);
        if (run.Shard.Of == 1) Report(args, folder);
        args.InvocationConfiguration.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{trials} trials in {took.TotalSeconds:0.0} s, expected {expected.TotalSeconds:0.0} s for the products alone; {(run.Shard.Of == 1 ? "report.html, report.md, results.csv and figures are" : $"share {run.Shard} is")} in {folder.Path}"));
    }

    private static void Report(ParseResult args, RunFolder folder)
    {
        var report = RunReport.Of(folder.Path);
        report.Write();
        new RunText(report.Data).Write(args.InvocationConfiguration.Output);
    }

    private static RunFolder FolderOf(Plan plan, string? outFolder, FileCalls files) => outFolder is not null ? RunFolder.Open(outFolder, files) : RunFolder.Create("runs", plan.Name, "run", TimeProvider.System, files);

    private static void Show(TextWriter output, IReadOnlyList<PlannedEpisode> laid, PlannedWork work, TimeSpan expected)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("model", "task", "demonstrations", "seed", "trials", "GFLOP");
        foreach (var (one, operations) in laid)
            table.AddRow(Markup.Escape(one.Model), Markup.Escape(one.Task), Text(one.Shots), Text(one.Seed), one.Of(one.Units).ToString(), ((operations ?? 0) / 1e9).ToString("0.0", CultureInfo.InvariantCulture));
        Terminal.Write(output, table);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{work.Of(Shard.Whole)} trials in {laid.Count} walks, {laid.Sum(one => one.Operations ?? 0) / 1e9:0.0} GFLOP: {expected.TotalSeconds:0.0} s at this machine's rate of products, decompositions not counted"));
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
