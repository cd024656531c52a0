using System.CommandLine;
using System.Globalization;
using Eckart.Engine;
using Eckart.Experiments;
using Eckart.Experiments.Plans;
using Eckart.Pruning;
using Eckart.Reporting;
using Eckart.Search;
using Spectre.Console;

namespace Eckart.Cli;

/// <summary><c>run PLAN</c>: every trial of a plan, resumable, whole or a share of it.</summary>
internal static class RunCommand
{
    private static readonly Argument<string> PlanPath = new("plan") { Description = "The plan, a .yaml file such as plans/figure-1.yaml." };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Show the trials, the walks, their operations and the time they should take; run nothing." };
    private static readonly Option<string> Share = new("--shard") { Description = "Run one of n equal shares, into a journal of its own; eckart merge joins them.", HelpName = "i/n", DefaultValueFactory = _ => "1/1" };

    public static Command Create()
    {
        var command = new Command("run", "Run every trial of a plan: resumable, whole or in shares; options given override the plan's.") { PlanPath }
            .With(CommonOptions.Running).With(CommonOptions.Task).With(CommonOptions.Sampling).With(CommonOptions.Svd, DryRun, Share).With(LaunchOptions.All).With(CommonOptions.Out);
        command.SetAction((args, cancellation) => Task.Run(() => Run(args, cancellation), cancellation));
        return command;
    }

    private static void Run(ParseResult args, CancellationToken cancellation)
    {
        var shard = Shard.Parse(args.GetValue(Share)!) ?? throw OptionValues.Refuse(Share.Name, "a share such as 3/64", args.GetValue(Share)!);
        var launch = LaunchOptions.From(args, sharded: args.GetResult(Share) is { Implicit: false });
        var outFolder = args.PathOf(CommonOptions.Out);
        var plan = Overridden(PlanFile.Load(args.GetValue(PlanPath)!), args);
        var runner = new PlanRunner(plan, name => ModelPath.Open(args, name, cancellation), TaskItems.DataFolder(args), args.OptionalOneOf<SvdKind>(CommonOptions.Svd));
        var dry = args.GetValue(DryRun);
        var laid = runner.LayOut(count: launch is null || dry, cancellation);
        var work = new PlannedWork(plan.Searches, [.. laid.Select(one => one.Trials)]);
        if (launch is not null && !dry)
        {
            launch.Run(args, plan, work, FolderOf(plan, outFolder), cancellation);
            return;
        }

        var processes = launch?.Shards ?? shard.Of;
        var expected = TimeSpan.FromSeconds(laid.Sum(one => one.Operations ?? 0) / GemmRate.Measure(Compute.From(args)).PerSecond / processes);
        if (dry) Show(args.InvocationConfiguration.Output, laid, work, expected);
        else Run(args, new Prepared(plan, runner, work, expected), shard, FolderOf(plan, outFolder), cancellation);
    }

    private static void Run(ParseResult args, Prepared prepared, Shard shard, RunFolder folder, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        var trials = 0;
        try
        {
            PlanText.Keep(prepared.Plan, folder);
            prepared.Work.Keep(folder);
            using (var journal = folder.OpenJournal(shard.JournalName))
            {
                if (journal.Dropped > 0) Say(args, $"{folder.Path}: dropped the last line of {shard.JournalName}, which was cut short");
                Trials(args, prepared.Runner, folder, journal, shard, cancellation);
                journal.Settle(TrialOrder.Instance);
                trials = journal.Trials.Count;        // of this share alone: what ails another's journal is not its matter
                new FinishedShare(trials).Keep(folder, shard);
            }
        }
        catch (OperationCanceledException stop)
        {
            throw new RunInterruptedException(folder.Path, stop);
        }

        var took = TimeProvider.System.GetElapsedTime(started);
        if (shard.Of == 1) Report(args, folder);
        args.InvocationConfiguration.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{trials} trials in {took.TotalSeconds:0.0} s, expected {prepared.Expected.TotalSeconds:0.0} s for the products alone; {(shard.Of == 1 ? "report.html, report.md, results.csv and figures are" : $"share {shard} is")} in {folder.Path}"));
    }

    private static void Report(ParseResult args, RunFolder folder)
    {
        var report = RunReport.Of(folder.Path);
        report.Write();
        new RunText(report.Data).Write(args.InvocationConfiguration.Output);
    }

    private static RunFolder FolderOf(Plan plan, string? outFolder) => outFolder is not null ? RunFolder.Open(outFolder) : RunFolder.Create("runs", plan.Name, "run", TimeProvider.System);

    private static void Trials(ParseResult args, PlanRunner runner, RunFolder folder, Journal journal, Shard shard, CancellationToken cancellation)
    {
        var digests = new Dictionary<string, string>();
        Progress? progress = null;
        try
        {
            runner.Run(journal, shard, (name, digest) =>
            {
                if (digests.TryAdd(name, digest)) folder.WriteEnvironment(RunEnvironment.Of(TimeProvider.System, digests));
            },
            episode =>
            {
                progress?.Dispose();
                progress = Progress.Start(args, $"{episode.Trials.Model} on {episode.Trials.Task}, {episode.Trials.Shots} demonstrations, seed {episode.Trials.Seed}");
            },
            work => progress?.Report(work), cancellation);
        }
        finally
        {
            progress?.Dispose();
        }
    }

    // What the options say takes the place of what the plan says.
    private static Plan Overridden(Plan plan, ParseResult args)
    {
        if (args.GetValue(CommonOptions.Model) is { } model) plan = plan with { Models = [model], Tasks = plan.Models.Contains(model) ? plan.Tasks : plan.TasksOfOtherModels };
        if (args.GetValue(CommonOptions.Task) is { } task) plan = plan with { Tasks = [task] };
        if (args.GetResult(CommonOptions.Protocol) is { Implicit: false }) plan = plan with { Protocols = [args.OneOf<Tasks.Protocol>(CommonOptions.Protocol)] };
        if (args.GetValue(CommonOptions.Seed) is { } seed) plan = plan with { Seeds = [seed] };
        if (args.GetValue(CommonOptions.Shots) is { } shots) plan = plan with { Shots = [shots] };
        return plan with { Validation = args.CountOf(CommonOptions.Validation) ?? plan.Validation, Test = args.CountOf(CommonOptions.Test) ?? plan.Test, TasksOfOtherModels = [] };
    }

    private static void Show(TextWriter output, IReadOnlyList<PlannedEpisode> laid, PlannedWork work, TimeSpan expected)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("model", "task", "demonstrations", "seed", "trials", "GFLOP");
        foreach (var (_, one, operations) in laid)
            table.AddRow(Markup.Escape(one.Model), Markup.Escape(one.Task), Text(one.Shots), Text(one.Seed), one.Of(one.Units).ToString(), ((operations ?? 0) / 1e9).ToString("0.0", CultureInfo.InvariantCulture));
        Terminal.Write(output, table);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{work.Of(Shard.Whole)} trials in {laid.Count} walks, {laid.Sum(one => one.Operations ?? 0) / 1e9:0.0} GFLOP: {expected.TotalSeconds:0.0} s at this machine's rate of products, decompositions not counted"));
    }

    private static void Say(ParseResult args, string line)
    {
        if (!args.GetValue(CommonOptions.Quiet)) args.InvocationConfiguration.Error.WriteLine(line);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Prepared(Plan Plan, PlanRunner Runner, PlannedWork Work, TimeSpan Expected);
}
