using System.Collections.Immutable;
using System.CommandLine;
using Eckart.Pruning;
using Eckart.Theory;
using Eckart.Theory.Checks;
using Eckart.Training.Regression;

namespace Eckart.Cli;

/// <summary><c>theory verify</c>: each statement of the paper as a check over seeded random instances.</summary>
internal static class TheoryVerifyCommand
{
    private const int Done = 0;
    private const int Failed = 1;

    private static readonly Option<int?> Trials = TrainingOptions.Count("--trials", "Random instances a statement; some that take long make fewer.", Verification.DefaultTrials);
    private static readonly Option<long?> Seed = new("--seed") { Description = "Of the instances.", HelpName = "S", DefaultValueFactory = _ => Verification.DefaultSeed, CustomParser = OptionValues.Whole<long> };
    private static readonly Option<string> Trained = new("--trained") { Description = "A folder of regression train --attention linear. Not given: the model that comes with Eckart.", HelpName = "DIR" };
    private static readonly ImmutableArray<ClippingRate> Rates = [new(0.2m), new(0.4m), new(0.6m), new(0.8m)];
    private static readonly Option<string> Out = new("--out") { Description = "Write the results as a page too.", HelpName = "FILE.md" };

    public static Command Create()
    {
        var command = new Command("verify", "Check every statement of the paper on random instances: which hold, how often the others fail, and where.").With(Trials, Seed, Trained, Out, CommonOptions.Json, CommonOptions.Quiet);
        command.SetAction((args, cancellation) => Task.Run(() => Run(args, cancellation), cancellation));
        return command;
    }

    private static int Run(ParseResult args, CancellationToken cancellation)
    {
        var page = args.FileToWrite(Out);
        var (trials, seed) = (args.GetValue(Trials)!.Value, args.GetValue(Seed)!.Value);
        var model = args.PathOf(Trained) is { } folder ? LinearModel.Load(folder) : LinearModel.Default;
        var report = new TheoryReport(trials, seed, Results(args, new Verification(trials, seed), cancellation), Study(args, model, seed, cancellation));
        if (page is not null) report.Save(page);
        if (args.GetValue(CommonOptions.Json)) args.InvocationConfiguration.Output.WriteJson(report.ToJson());
        else report.Write(args.InvocationConfiguration.Output);
        foreach (var check in report.Unexpected) args.InvocationConfiguration.Error.WriteLine($"eckart: {check.Name}: expected that it {(check.Expected ? "holds" : "fails")}, found that it {(check.Holds ? "holds" : "fails")} ({check.Violations} of {check.Trials}); raise --trials, or report a bug");
        if (!report.Trained.Holds) args.InvocationConfiguration.Error.WriteLine($"eckart: {report.Trained.Model}: expected Theorem 1 to hold to rounding, found that it does not; report a bug");
        return report.Unexpected.Any() || !report.Trained.Holds ? Failed : Done;
    }

    private static TrainedTheory Study(ParseResult args, LinearModel model, long seed, CancellationToken cancellation)
    {
        var study = new LinearStudy(model, new LinearStudySettings { Seed = seed });
        using var progress = Progress.Start(args, "truncate", "interventions", study.Count(Rates));
        return new TrainedTheory(args.PathOf(Trained) ?? "the model that comes with Eckart", model.Demonstrations, study.Given, study.Prompts, study.TheoremOneErrors(), study.Gaps(Rates, () => progress.Advance(), cancellation));
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
