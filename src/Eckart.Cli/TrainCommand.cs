using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text;
using Eckart.Formats;
using Eckart.Training;
using Eckart.Training.Microworld;

namespace Eckart.Cli;

/// <summary><c>train microworld</c>: trains a small model on generated text, to a folder that every other verb takes.</summary>
internal static class TrainCommand
{
    private const int QuestionsOnTheWay = 128;
    private const int QuestionsAtTheEnd = 500;
    private const ulong ExamSeed = 1;
    private const double Alpha = 0.05;      // of the intervals
    private static readonly string[] TasksOnTheWay = ["amount", "two", "two-kept", "kind", "context"];
    private static readonly ImmutableArray<int> ShotsOnTheWay = [0, 4, 12];
    private static readonly ImmutableArray<int> ShotsAtTheEnd = [0, 1, 4, 8, 12];
    private static readonly TrainingOptions Options = new(new TrainingSettings { Family = "llama", Layers = 3, LearningRate = 5e-3, Steps = 4500 }, "Texts", keeps: false);

    public static Command Create()
    {
        var microworld = new Command("microworld", "Train on lines whose words mean something and whose labels mean what the demonstrations say.").With(Options.All);
        microworld.SetAction((args, cancellation) => Task.Run(() => Run(args, cancellation), cancellation));
        return new Command("train", "Train a small model from random weights, resumably.") { microworld };
    }

    private static void Run(ParseResult args, CancellationToken cancellation)
    {
        var (folder, settings) = (args.PathOf(Options.Out)!, Options.Settings(args));
        var run = new TrainingRun(args, folder, "loss, nats a token");
        using var trainer = Trainer.Open(folder, settings, new MicroworldTexts(new MicroworldRecipe(), (ulong)settings.Seed), Exams(TasksOnTheWay, ShotsOnTheWay, QuestionsOnTheWay), Compute.Threads(args));
        run.Complete(trainer, settings, MicroworldTokenizer.ToJson().ToJsonString(), () => WriteAccuracies(folder, trainer), cancellation);
    }

    // In every task, with more questions than on the way: what the model's card states.
    private static void WriteAccuracies(string folder, Trainer trainer)
    {
        var table = new StringBuilder("task,demonstrations,right,questions,accuracy,low,high\n");
        foreach (var (task, shots, right) in trainer.Ask(Exams(MicroworldExam.Tasks, ShotsAtTheEnd, QuestionsAtTheEnd)))
        {
            var interval = right.WilsonInterval(Alpha);
            table.Append(CultureInfo.InvariantCulture, $"{task},{shots},{right.Correct},{right.N},{right.Value:0.000},{interval.Low:0.000},{interval.High:0.000}\n");
        }

        AtomicFile.Write(Path.Combine(folder, "accuracies.csv"), Encoding.UTF8.GetBytes(table.ToString()));
    }

    private static IReadOnlyList<IExam> Exams(IEnumerable<string> tasks, ImmutableArray<int> shots, int questions) =>
        [.. tasks.Select(task => new MicroworldQuestions(task, shots, questions, ExamSeed))];
}
