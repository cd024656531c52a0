using System.Collections.Immutable;
using System.CommandLine;
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
    private static readonly TrainingOptions Options = new(new TrainingSettings { Family = "llama" }, "Texts");

    public static Command Create()
    {
        var microworld = new Command("microworld", "Train on lines whose words mean something and whose labels mean what the demonstrations say.").With(Options.All);
        microworld.SetAction((args, cancellation) => Task.Run(() => Run(args, cancellation), cancellation));
        return new Command("train", "Train a small model from random weights, resumably.") { microworld };
    }

    private static void Run(ParseResult args, CancellationToken cancellation)
    {
        var run = new TrainingRun(args, args.PathOf(Options.Out)!, "loss, nats a token");
        var settings = Options.Settings(args);
        using var trainer = Trainer.Open(args.PathOf(Options.Out)!, settings, new MicroworldTexts(new MicroworldRecipe(), (ulong)settings.Seed), Exams(), Compute.Threads(args));
        run.Complete(trainer, settings, MicroworldTokenizer.ToJson().ToJsonString(), cancellation);
    }

    private static IReadOnlyList<IExam> Exams() =>
        [.. ExamTasks.Select(task => new MicroworldQuestions(task, ExamShots, QuestionsAnExam, ExamSeed))];
}
