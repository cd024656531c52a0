using System.CommandLine;
using System.Globalization;
using Eckart.Training;
using Eckart.Training.Regression;

namespace Eckart.Cli;

/// <summary><c>regression train</c>: trains a model that learns linear functions in context. <c>regression evaluate</c> is beside it.</summary>
internal static class RegressionCommand
{
    private static readonly RegressionRecipe UsualRecipe = new();
    private static readonly TrainingOptions Options = new(new TrainingSettings { Family = "llama", Steps = 20_000, Batch = 64, LearningRate = 1e-3 }, "Functions");

    private static readonly Option<int?> Dimensions = TrainingOptions.Count("--dim", "Numbers of an x.", UsualRecipe.Dimensions);
    private static readonly Option<int?> Points = TrainingOptions.Count("--points", "Points of a sequence.", UsualRecipe.Points);
    private static readonly Option<string> Keep = new("--keep") { Description = "Steps after which the model is kept too, under steps/. Not given: a sixteenth, a quarter and half of all.", HelpName = "N,N,…" };

    public static Command Create()
    {
        var train = new Command("train", "Train a model on random linear functions y = w·x, from examples x, y, x, y, …").With(Dimensions, Points, Keep).With(Options.All);
        train.SetAction((args, cancellation) => Task.Run(() => Train(args, cancellation), cancellation));
        return new Command("regression", "Learn linear functions in context: the paper's Figure 5, and what truncation does to it.") { train, RegressionEvaluateCommand.Create() };
    }

    private static void Train(ParseResult args, CancellationToken cancellation)
    {
        var run = new TrainingRun(args, args.PathOf(Options.Out)!, "squared error / d");
        var settings = Options.Settings(args);
        settings = settings with { Keep = KeptSteps(args, settings.Steps) };
        var recipe = UsualRecipe with { Dimensions = args.GetValue(Dimensions)!.Value, Points = args.GetValue(Points)!.Value };
        using var trainer = RegressionTraining.Open(args.PathOf(Options.Out)!, settings, recipe, Compute.Threads(args));
        run.Complete(trainer, settings, tokenizer: null, afterwards: null, cancellation);
    }

    private static long[] KeptSteps(ParseResult args, int steps) => args.GetValue(Keep) is not { } text
        ? [.. new long[] { steps / 16, steps / 4, steps / 2 }.Where(step => step > 0).Distinct()]
        : [.. text.Split(',', StringSplitOptions.TrimEntries).Select(one => long.TryParse(one, NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : throw OptionValues.Refuse(Keep.Name, "numbers of steps such as 500,2000", one)).Distinct().Order()];
}
