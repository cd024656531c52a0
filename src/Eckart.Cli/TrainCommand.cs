using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Eckart.Models;
using Eckart.Reporting;
using Eckart.Training;
using Eckart.Training.Microworld;

namespace Eckart.Cli;

/// <summary><c>train microworld</c>: trains a small model on generated text, to a folder that every other verb takes.</summary>
internal static class TrainCommand
{
    private const int QuestionsAnExam = 128;
    private const ulong ExamSeed = 1;
    private static readonly string[] ExamTasks = ["amount", "two", "two-kept", "context"];
    private static readonly ImmutableArray<int> ExamShots = [0, 4, 8];
    private static readonly TrainingSettings Usual = new() { Family = "llama" };

    private static readonly Option<string> Family = new("--family") { Description = $"Layout of the model: {string.Join(" or ", FamilyTable.All.Select(family => family.ModelType))}.", HelpName = "NAME", DefaultValueFactory = _ => Usual.Family };
    private static readonly Option<int?> Layers = Count("--layers", "Decoder layers.", Usual.Layers);
    private static readonly Option<int?> Width = Count("--width", "Size of the hidden states.", Usual.Width);
    private static readonly Option<int?> Heads = Count("--heads", "Heads of attention.", Usual.Heads);
    private static readonly Option<int?> Mlp = Count("--mlp", "Inner size of the MLP.", Usual.MlpSize);
    private static readonly Option<int?> Steps = Count("--steps", "Steps in all.", Usual.Steps);
    private static readonly Option<int?> Batch = Count("--batch", "Texts a step.", Usual.Batch);
    private static readonly Option<double?> LearningRate = new("--lr") { Description = "Highest learning rate.", HelpName = "R", DefaultValueFactory = _ => Usual.LearningRate, CustomParser = OptionValues.Fraction };
    private static readonly Option<long?> Seed = new("--seed") { Description = "Of weights and texts.", HelpName = "S", DefaultValueFactory = _ => Usual.Seed, CustomParser = OptionValues.Whole<long> };
    private static readonly Option<string> Out = new("--out") { Description = "The model's folder. A training that was stopped in it goes on from its last checkpoint.", HelpName = "DIR", Required = true };

    public static Command Create()
    {
        var microworld = new Command("microworld", "Train on lines whose words mean something and whose labels mean what the demonstrations say.")
            .With(Family, Layers, Width, Heads, Mlp, Steps, Batch, LearningRate, Seed, CommonOptions.DType, Out, CommonOptions.Threads, CommonOptions.Json, CommonOptions.Quiet);
        microworld.SetAction((args, cancellation) => Task.Run(() => Run(args, cancellation), cancellation));
        return new Command("train", "Train a small model from random weights, resumably.") { microworld };
    }

    private static void Run(ParseResult args, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        var folder = args.PathOf(Out)!;
        var settings = Settings(args);
        using var trainer = Trainer.Open(folder, settings, new MicroworldTexts(new MicroworldRecipe(), (ulong)settings.Seed), Exams(), Compute.Threads(args));
        var before = trainer.Steps;
        try
        {
            using var progress = Progress.Start(args, "train", "steps", settings.Steps);
            trainer.Run(point => Show(args, trainer.Curve.Columns, point), progress.Advance, cancellation);
        }
        catch (OperationCanceledException stop)
        {
            throw new RunInterruptedException(folder, stop);
        }

        trainer.WriteModel(MicroworldTokenizer.ToJson().ToJsonString());
        new TrainingCurveFigure($"{settings.Family}, {trainer.Parameters.ToString("N0", CultureInfo.InvariantCulture)} parameters", trainer.Curve).Save(folder);
        Write(args, folder, trainer, before, TimeProvider.System.GetElapsedTime(started));
    }

    private static TrainingSettings Settings(ParseResult args) => Usual with
    {
        Family = args.GetValue(Family)!,
        Layers = args.GetValue(Layers)!.Value,
        Width = args.GetValue(Width)!.Value,
        Heads = args.GetValue(Heads)!.Value,
        MlpSize = args.GetValue(Mlp)!.Value,
        Steps = args.GetValue(Steps)!.Value,
        WarmUp = Math.Min(Usual.WarmUp, args.GetValue(Steps)!.Value / 10),
        Batch = args.GetValue(Batch)!.Value,
        LearningRate = args.GetValue(LearningRate) is > 0 and var rate ? rate : throw OptionValues.Refuse(LearningRate.Name, "a number above 0", args.GetValue(LearningRate)!.Value.ToString(CultureInfo.InvariantCulture)),
        Seed = args.GetValue(Seed)!.Value,
        DType = args.GetValue(CommonOptions.DType)!,
    };

    private static void Show(ParseResult args, IReadOnlyList<string> columns, CurvePoint point)
    {
        if (args.GetValue(CommonOptions.Quiet)) return;
        var accuracies = string.Concat(columns.Zip(point.Accuracies, (column, accuracy) => string.Create(CultureInfo.InvariantCulture, $", {column} {accuracy:0.00}")));
        var (error, line) = (args.InvocationConfiguration.Error, string.Create(CultureInfo.InvariantCulture, $"step {point.Step}: loss {point.Loss:0.000}{accuracies}"));
        error.WriteLine(Terminal.IsTerminal(error) ? $"\r{line.PadRight(Terminal.Width - 1)}" : line);       // over the bar
    }

    private static void Write(ParseResult args, string folder, Trainer trainer, long before, TimeSpan elapsed)
    {
        var (output, last) = (args.InvocationConfiguration.Output, trainer.Curve.Points[^1]);
        if (args.GetValue(CommonOptions.Json))
        {
            output.WriteJson(new JsonObject
            {
                ["out"] = folder,
                ["parameters"] = trainer.Parameters,
                ["steps"] = trainer.Steps,
                ["loss"] = JsonOutput.Number(last.Loss),
                ["accuracies"] = new JsonObject(trainer.Curve.Columns.Zip(last.Accuracies, (column, accuracy) => KeyValuePair.Create(column, (JsonNode?)accuracy))),
                ["seconds"] = Math.Round(elapsed.TotalSeconds, 3),
            });
            return;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{trainer.Parameters:N0} parameters, {trainer.Steps} steps ({trainer.Steps - before} now), loss {last.Loss:0.000}, {elapsed.TotalSeconds:0.0} s; the model and its curve are in {folder}"));
    }

    private static Option<int?> Count(string name, string description, int usual) =>
        new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => usual, CustomParser = OptionValues.Count };

    private static IReadOnlyList<IExam> Exams() =>
        [.. ExamTasks.Select(task => new MicroworldQuestions(task, ExamShots, QuestionsAnExam, ExamSeed))];
}
