using System.CommandLine;
using Eckart.Training;
using Eckart.Training.Regression;

namespace Eckart.Cli;

/// <summary><c>regression train</c>: trains a model that learns linear functions in context. <c>regression evaluate</c> is beside it.</summary>
internal static class RegressionCommand
{
    private static readonly RegressionRecipe UsualRecipe = new();
    private static readonly TrainingOptions Options = new(new TrainingSettings { Family = "llama", Steps = 20_000, Batch = 64, LearningRate = 1e-3 }, "Functions", keeps: true);

    private static readonly Option<int?> Dimensions = TrainingOptions.Count("--dim", "Numbers of an x.", UsualRecipe.Dimensions);
    private static readonly Option<int?> Points = TrainingOptions.Count("--points", "Points of a sequence.", UsualRecipe.Points);

    public static Command Create()
    {
        var train = new Command("train", "Train a model on random linear functions y = w·x, from examples x, y, x, y, …").With(Dimensions, Points).With(Options.All);
        train.SetAction((args, cancellation) => Task.Run(() => Train(args, cancellation), cancellation));
        return new Command("regression", "Learn linear functions in context: the paper's Figure 5, and what truncation does to it.") { train, RegressionEvaluateCommand.Create() };
    }

    private static void Train(ParseResult args, CancellationToken cancellation)
    {
        var run = new TrainingRun(args, args.PathOf(Options.Out)!, "squared error / d");
        var settings = Options.Settings(args);
        var recipe = UsualRecipe with { Dimensions = args.GetValue(Dimensions)!.Value, Points = args.GetValue(Points)!.Value };
        using var trainer = RegressionTraining.Open(args.PathOf(Options.Out)!, settings, recipe, Compute.Threads(args));
        run.Complete(trainer, settings, tokenizer: null, afterwards: null, cancellation);
    }
}
