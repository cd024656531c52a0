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
    private static readonly Option<string> Attention = new("--attention") { Description = "softmax: a transformer. linear: layers of linear attention alone, for which the paper's theory is exact (docs/theory.md); 3 layers, 5 dimensions, 11 points, 5000 steps of 256 and rate 0.005 unless given.", HelpName = "softmax|linear", DefaultValueFactory = _ => "softmax" };

    public static Command Create()
    {
        var train = new Command("train", "Train a model on random linear functions y = w·x, from examples x, y, x, y, …").With(Attention, Dimensions, Points).With(Options.All);
        train.SetAction((args, cancellation) => Task.Run(() => Train(args, cancellation), cancellation));
        return new Command("regression", "Learn linear functions in context: the paper's Figure 5, and what truncation does to it.") { train, RegressionEvaluateCommand.Create() };
    }

    private static void Train(ParseResult args, CancellationToken cancellation)
    {
        if (IsLinear(args)) LinearTrainingRun.Complete(args, args.PathOf(Options.Out)!, LinearSettings(args), cancellation);
        else TrainTransformer(args, cancellation);
    }

    private static bool IsLinear(ParseResult args) => args.GetValue(Attention)!.ToLowerInvariant() switch
    {
        "linear" => true,
        "softmax" => false,
        var other => throw OptionValues.Refuse(Attention.Name, "softmax or linear", other),
    };

    // A prompt's points are its demonstrations and the test token.
    private static LinearTrainingSettings LinearSettings(ParseResult args)
    {
        var settings = Options.Linear(args);
        return settings with
        {
            Dimensions = args.IsGiven(Dimensions) ? args.GetValue(Dimensions)!.Value : settings.Dimensions,
            Demonstrations = args.IsGiven(Points) ? args.GetValue(Points)!.Value - 1 : settings.Demonstrations,
        };
    }

    private static void TrainTransformer(ParseResult args, CancellationToken cancellation)
    {
        var run = new TrainingRun(args, args.PathOf(Options.Out)!, "squared error / d");
        var settings = Options.Settings(args);
        var recipe = UsualRecipe with { Dimensions = args.GetValue(Dimensions)!.Value, Points = args.GetValue(Points)!.Value };
        using var trainer = RegressionTraining.Open(args.PathOf(Options.Out)!, settings, recipe, Compute.Threads(args));
        run.Complete(trainer, settings, tokenizer: null, afterwards: null, cancellation);
    }
}
