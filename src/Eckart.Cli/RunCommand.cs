using System.CommandLine;
using System.Globalization;
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
    private static readonly Option<string> Share = new("--shard") { Description = "Run one of n shares that take alike, into a journal of its own; eckart merge joins them.", HelpName = "i/n", DefaultValueFactory = _ => "1/1" };

    /// <param name="files">Write the run's folder.</param>
    public static Command Create(FileCalls files)
    {
        var command = new Command("run", "Run every trial of a plan: resumable, whole or in shares. Options that are given override what the plan says of model, task, protocol, shots, seed, validation, test, module, rates, svd and alpha, and of the engine, type and chunks that models are run in; what is said below of their defaults holds where neither says anything.") { PlanPath }
            .With(CommonOptions.Running).With(CommonOptions.Task).With(CommonOptions.Sampling).With(PlanOptions.Modules, PlanOptions.Rates, CommonOptions.Svd, CommonOptions.Alpha, DryRun, Share).With(LaunchOptions.All).With(CommonOptions.Out);
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
        using var progress = new RunProgress(args, episode => $"{episode.Trials.Model} on {episode.Trials.Task}, {Count.Of(episode.Trials.Shots, "demonstration")}, seed {episode.Trials.Seed}");
        using var runner = PlanOptions.RunnerOf(plan, args, cancellation);
        var dry = args.GetValue(DryRun);
        var laid = runner.LayOut(estimate: launch is null || dry, progress.Listener, cancellation);
        progress.Dispose();
        var work = new PlannedWork(plan.Searches, [.. laid.Select(one => one.Trials)]);
        if (launch is not null && !dry)
        {
            launch.Run(args, plan, work, FolderOf(plan, outFolder, files), files, cancellation);
            return;
        }

        if (dry) Show(args.InvocationConfiguration.Output, laid, work, launch?.Shards ?? shard.Of);
        else Run(args, new PlanRun(plan, runner, shard, TimeProvider.System), CostOf(laid)?.Total / shard.Of, FolderOf(plan, outFolder, files), progress, files, cancellation);
    }

    private static void Run(ParseResult args, PlanRun run, TimeSpan? expected, RunFolder folder, RunProgress progress, FileCalls files, CancellationToken cancellation)
    {
        var (started, busy) = (TimeProvider.System.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var (trials, now) = (0, 0);
        try
        {
            (trials, now) = run.In(folder, progress.Listener, () => SayDropped(args, folder, run.Shard), cancellation);
        }
        catch (OperationCanceledException stop)
        {
            throw new RunInterruptedException(folder.Path, stop);
        }

        progress.Dispose();
        var took = TimeProvider.System.GetElapsedTime(started);
        busy = Environment.CpuUsage.TotalTime - busy;
        if (run.Shard.Of == 1) Report(args, folder, files);
        var ran = now == trials ? "" : $", {now} of them now,";
        var foreseen = now == trials && expected is { } time ? $", expected {Seconds(time)} where nothing else runs" : "";       // of what a resumed run lacks nothing was foretold
        args.InvocationConfiguration.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Count.Of(trials, run.Plan.Measure)}{ran} in {Seconds(took)} ({Seconds(busy)} of processors){foreseen}; {(run.Shard.Of == 1 ? "report.html, report.md, results.csv and figures are" : $"share {run.Shard} is")} in {folder.Path}"));
    }

    private static void Report(ParseResult args, RunFolder folder, FileCalls files)
    {
        var report = RunReport.Of(folder.Path);
        report.Write(files);
        new RunText(report.Data).Write(args.InvocationConfiguration.Output);
    }

    private static RunFolder FolderOf(Plan plan, string? outFolder, FileCalls files) => outFolder is not null ? RunFolder.Open(outFolder, files) : RunFolder.Create("runs", plan.Name, "run", TimeProvider.System, files);

    private static void Show(TextWriter output, IReadOnlyList<PlannedEpisode> laid, PlannedWork work, int processes)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("model", "task", "demonstrations", "seed", "trials", "GFLOP", "time");
        foreach (var (one, cost) in laid)
            table.AddRow(Markup.Escape(one.Model), Markup.Escape(one.Task), Text(one.Shots), Text(one.Seed), one.Of(one.Units).ToString(), cost is null ? "unknown" : (cost.Operations / 1e9).ToString("0.0", CultureInfo.InvariantCulture), cost is null ? "unknown" : Seconds(cost.Total));
        Terminal.Write(output, table);
        output.WriteLine($"{work.Of(Shard.Whole)} {(work.Of(Shard.Whole) is { Least: 1, Most: 1 } ? "trial" : "trials")} in {Count.Of(laid.Count, "walk")}; {Foretold(CostOf(laid), processes)}");
    }

    private static string Foretold(PlannedCost? cost, int processes) => cost is null ? "how long they take cannot be told" : string.Create(
        CultureInfo.InvariantCulture,
        $"{cost.Operations / 1e9:0.0} GFLOP; expected {Seconds(cost.Total / processes)}{(processes > 1 ? " a share" : "")}: walks {Seconds(cost.Walk)}, decompositions {Seconds(cost.Decompositions)} unless they are in the cache, prompts {Seconds(cost.Prompts)}, lines {Seconds(cost.Lines)}{(processes > 1 ? ", in all" : "")}");

    // Null where the time of any part cannot be told.
    private static PlannedCost? CostOf(IReadOnlyList<PlannedEpisode> laid) => laid.Any(one => one.Cost is null) ? null : laid.Aggregate(PlannedCost.None, (sum, one) => sum + one.Cost!);

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
