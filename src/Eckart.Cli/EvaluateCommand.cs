using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Eckart.Experiments;
using Eckart.Experiments.Plans;
using Eckart.Formats;
using Eckart.Pruning;
using Eckart.Search;

namespace Eckart.Cli;

/// <summary><c>evaluate</c>: one intervention on one split of a task.</summary>
internal static class EvaluateCommand
{
    private static readonly Option<string> Split = new("--split") { Description = "Which items.", HelpName = "validation|test", DefaultValueFactory = _ => "test" };
    private static readonly Option<string> Samples = new("--samples") { Description = "Write (or replace) a file with a line a query, in the split's order: index, row, gold, prediction, log_probabilities.", HelpName = "FILE" };

    private static readonly Option<bool> Alone = new("--alone") { Description = "Leave out the unedited model that an intervention is compared with." };

    public static Command Create()
    {
        var command = new Command("evaluate", "Evaluate one intervention on one split of a task.")
            .With(CommonOptions.Running).With(CommonOptions.Task).With(CommonOptions.Sampling).With(Split, CommonOptions.Intervention, CommonOptions.Svd, CommonOptions.Alpha, Alone, Samples, CommonOptions.Json);
        command.SetAction((args, cancellation) => Task.Run(() => Run(args, cancellation), cancellation));
        return command;
    }

    private static void Run(ParseResult args, CancellationToken cancellation)
    {
        var split = args.GetValue(Split) is "test" or "validation" ? args.GetValue(Split)! : throw OptionValues.Refuse(Split.Name, "validation or test", args.GetValue(Split)!);
        var intervention = Intervention.Parse(args.GetValue(CommonOptions.Intervention)!);
        var samples = args.FileToWrite(Samples);
        var plan = PlanOptions.OneTask(args, "evaluate") with { Split = split, Interventions = [intervention], Alone = args.GetValue(Alone) };
        using var progress = new RunProgress(args, _ => $"{split} {intervention}");
        using var runner = new PlanRunner(plan, _ => ModelPath.Open(args, cancellation), TaskItems.DataFolder(args)) { Swept = (task, trials) => Report(args, samples, task, trials, progress) };
        runner.Run(journal: null, Shard.Whole, TimeProvider.System, progress.Listener, cancellation);
    }

    private static void Report(ParseResult args, string? samples, TaskSession task, IReadOnlyList<Trial> trials, RunProgress progress)
    {
        progress.Dispose();
        if (samples is not null) WriteSamples(samples, trials[^1]);
        var set = trials[^1].Split == "test" ? task.Test() : task.Validation();
        var report = new EvaluationReport(task, trials[^1], trials.Count > 1 ? trials[0] : null, set.Items.Available, args.AlphaOf());
        if (args.GetValue(CommonOptions.Json)) args.InvocationConfiguration.Output.WriteJson(report.ToJson());
        else report.WriteText(args.InvocationConfiguration.Output);
    }

    private static void WriteSamples(string path, Trial trial)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var predictions = trial.Predictions();
        for (var i = 0; i < trial.N; i++)
            text.WriteJsonLine(new JsonObject { ["index"] = i, ["row"] = trial.Rows[i], ["gold"] = trial.Gold[i], ["prediction"] = predictions[i], ["log_probabilities"] = JsonOutput.Array(trial.Scores[i]) });
        AtomicFile.Write(path, System.Text.Encoding.UTF8.GetBytes(text.ToString()));
    }
}
