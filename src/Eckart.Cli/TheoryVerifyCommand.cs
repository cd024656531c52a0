using System.Collections.Immutable;
using System.CommandLine;
using Eckart.Theory.Checks;

namespace Eckart.Cli;

/// <summary><c>theory verify</c>: each statement of the paper as a check over seeded random instances.</summary>
internal static class TheoryVerifyCommand
{
    private const int Done = 0;
    private const int Failed = 1;

    private static readonly Option<int?> Trials = TrainingOptions.Count("--trials", "Random instances a statement; some that take long make fewer.", Verification.DefaultTrials);
    private static readonly Option<long?> Seed = new("--seed") { Description = "Of the instances.", HelpName = "S", DefaultValueFactory = _ => Verification.DefaultSeed, CustomParser = OptionValues.Whole<long> };
    private static readonly Option<string> Out = new("--out") { Description = "Write the results as a page too.", HelpName = "FILE.md" };

    public static Command Create()
    {
        var command = new Command("verify", "Check every statement of the paper on random instances: which hold, how often the others fail, and where.").With(Trials, Seed, Out, CommonOptions.Json, CommonOptions.Quiet);
        command.SetAction((args, cancellation) => Task.Run(() => Run(args, cancellation), cancellation));
        return command;
    }

    private static int Run(ParseResult args, CancellationToken cancellation)
    {
        var page = args.FileToWrite(Out);
        var (trials, seed) = (args.GetValue(Trials)!.Value, args.GetValue(Seed)!.Value);
        var report = new TheoryReport(trials, seed, Results(args, new Verification(trials, seed), cancellation));
        if (page is not null) report.Save(page);
        if (args.GetValue(CommonOptions.Json)) args.InvocationConfiguration.Output.WriteJson(report.ToJson());
        else report.Write(args.InvocationConfiguration.Output);
        foreach (var check in report.Unexpected) args.InvocationConfiguration.Error.WriteLine($"eckart: {check.Name}: expected that it {(check.Expected ? "holds" : "fails")}, found that it {(check.Holds ? "holds" : "fails")} ({check.Violations} of {check.Trials}); raise --trials, or report a bug");
        return report.Unexpected.Any() ? Failed : Done;
    }

    private static ImmutableArray<CheckResult> Results(ParseResult args, Verification verification, CancellationToken cancellation)
    {
        using var progress = Progress.Start(args, "verify", "statements", Statements.All.Length);
        var results = ImmutableArray.CreateBuilder<CheckResult>();
        foreach (var check in Statements.All)
        {
            results.Add(verification.Run(check, cancellation));
            progress.Advance();
        }

        return results.ToImmutable();
    }
}
