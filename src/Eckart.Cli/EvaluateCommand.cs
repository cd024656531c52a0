using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Eckart.Experiments;
using Eckart.Formats;
using Eckart.Pruning;
using Eckart.Statistics;

namespace Eckart.Cli;

/// <summary><c>evaluate</c>: one intervention on one split of a task.</summary>
internal static class EvaluateCommand
{
    private static readonly Option<string> Split = new("--split") { Description = "Which items.", HelpName = "validation|test", DefaultValueFactory = _ => "test" };
    private static readonly Option<string> Samples = new("--samples") { Description = "Write (or replace) a file with a line a query, in the split's order: index, row, gold, prediction, log_probabilities.", HelpName = "FILE" };

    public static Command Create()
    {
        var command = new Command("evaluate", "Evaluate one intervention on one split of a task.")
            .With(CommonOptions.Running).With(CommonOptions.Drawing).With(Split, CommonOptions.Intervention, CommonOptions.Svd, CommonOptions.Alpha, Samples, CommonOptions.Json);
        command.SetAction((args, cancellation) => Task.Run(() => Run(args, cancellation), cancellation));
        return command;
    }

    private static void Run(ParseResult args, CancellationToken cancellation)
    {
        var alpha = args.AlphaOf();
        var split = args.GetValue(Split) is "test" or "validation" ? args.GetValue(Split)! : throw OptionValues.Refuse(Split.Name, "validation or test", args.GetValue(Split)!);
        var intervention = Intervention.Parse(args.GetValue(CommonOptions.Intervention)!);
        var samples = args.FileToWrite(Samples);
        using var session = TaskSession.Open(args);
        intervention = intervention.Resolve(session.Model.Spec);
        var set = split == "test" ? session.Test() : session.Validation();

        using var progress = Progress.Start(args, $"{split} {intervention}", set.Queries.Count, "queries");
        var trial = session.Runner(journal: null).Run(set, intervention, _ => progress.Advance(), cancellation);
        if (samples is not null) WriteSamples(samples, trial);
        Write(args, session, trial, set.Items.Available, alpha);
    }

    private static void WriteSamples(string path, Trial trial)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var predictions = trial.Predictions();
        for (var i = 0; i < trial.N; i++)
            text.WriteJsonLine(new JsonObject { ["index"] = i, ["row"] = trial.Rows[i], ["gold"] = trial.Gold[i], ["prediction"] = predictions[i], ["log_probabilities"] = JsonOutput.Array(trial.Scores[i]) });
        AtomicFile.Write(path, System.Text.Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static void Write(ParseResult args, TaskSession session, Trial trial, int available, double alpha)
    {
        var output = args.InvocationConfiguration.Output;
        var interval = new Proportion(trial.Correct, trial.N).WilsonInterval(alpha);
        var majority = MajorityRate.Of(trial.Gold);
        if (!args.GetValue(CommonOptions.Json))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{session.Variant.Name} {trial.Split}, {trial.Intervention}: {trial.Correct} of {trial.N} right, accuracy {trial.Accuracy:0.0000} [{interval.Low:0.000}, {interval.High:0.000}]; majority {majority:0.0000}; macro F1 {trial.MacroF1:0.0000}"));
            foreach (var note in session.Notes(trial.N, available, trial.Split)) output.WriteLine(note);
            return;
        }

        output.WriteJson(new JsonObject
        {
            ["model"] = session.Model.Checkpoint.Path,
            ["task"] = session.Variant.Name,
            ["protocol"] = trial.Key.Protocol,
            ["seed"] = trial.Key.Seed,
            ["shots"] = trial.Key.Shots,
            ["intervention"] = trial.Intervention,
            ["ranks"] = new JsonObject(trial.Ranks.Select(rank => KeyValuePair.Create(rank.Key, (JsonNode?)rank.Value))),
            ["split"] = trial.Split,
            ["n"] = trial.N,
            ["available"] = available,
            ["correct"] = trial.Correct,
            ["accuracy"] = trial.Accuracy,
            ["accuracy_as_published"] = trial.AccuracyAsPublished,
            ["majority"] = majority,
            ["interval"] = JsonOutput.Array([interval.Low, interval.High]),
            ["macro_f1"] = trial.MacroF1,
            ["f1"] = trial.F1,
            ["mcc"] = trial.Mcc,
            ["nll"] = trial.NegativeLogLikelihood,
            ["calibration_error"] = trial.CalibrationError,
            ["notes"] = JsonOutput.Array(session.Notes(trial.N, available, trial.Split)),
        });
    }
}
