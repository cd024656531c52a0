using System.CommandLine;
using System.Text.Json.Nodes;
using Eckart.Experiments;
using Eckart.Export;
using Eckart.Formats;
using Eckart.Formats.Tables;
using Eckart.Pruning;

namespace Eckart.Cli;

/// <summary><c>predict</c>: labels rows of a task that have no label.</summary>
internal static class PredictCommand
{
    private static readonly Option<string> Input = new("--input") { Description = "Rows with the task's fields, as .jsonl, .jsonl.gz, .csv, .tsv or .parquet; a label among them is not looked at.", HelpName = "ROWS" };
    private static readonly Option<string> Searched = new("--run") { Description = "A search's folder: its model, task, protocol, demonstrations and decomposition are taken, and what it chose is done, unless --model and --intervention say otherwise.", HelpName = "DIR" };
    private static readonly Option[] OfTheRun = [CommonOptions.Task, CommonOptions.Protocol, CommonOptions.Shots, CommonOptions.Seed, CommonOptions.Svd];
    private static readonly Option<string> Output = new("--output") { Description = "Write (or replace) a file with a line a row: row, label, probabilities. Not given: standard output.", HelpName = "FILE" };

    public static Command Create()
    {
        var command = new Command("predict", "Label rows without labels, by the prompts and scores that evaluate takes.")
            .With(CommonOptions.Running).With(CommonOptions.Task, CommonOptions.Data, CommonOptions.Protocol, CommonOptions.Shots, CommonOptions.Seed, CommonOptions.Intervention, CommonOptions.Svd, Searched, Input, Output);
        command.SetAction((args, cancellation) => Task.Run(() => Run(args, cancellation), cancellation));
        return command;
    }

    private static void Run(ParseResult args, CancellationToken cancellation)
    {
        var intervention = Intervention.Parse(args.GetValue(CommonOptions.Intervention)!);
        var run = args.PathOf(Searched) is { } folder ? RunOf(args, folder) : null;
        var input = args.PathOf(Input) ?? throw new InputException(Input.Name, "expected a file of rows, found none", $"give one with {Input.Name} ROWS");
        var rows = TableFile.Read(input);
        var output = args.FileToWrite(Output);
        var settings = run?.Settings(TaskItems.DataFolder(args)) ?? TaskItems.Settings(args);
        var sample = settings.Draw();       // before the model, which may have to be downloaded
        using var model = run is null ? ModelPath.Open(args, cancellation) : ModelPath.Open(args, run.Plan, args.PathOf(CommonOptions.Model) ?? run.Plan.Models[0], cancellation);
        var session = new TaskSession(model, settings, sample);
        if (run is not null && !args.IsGiven(CommonOptions.Intervention))
        {
            intervention = run.ChosenFor(model.Digest);
            SaySearched(args, args.PathOf(Searched)!, run.Evidence);
        }

        intervention = intervention.Resolve(session.Model.Spec);
        var labeller = new RowLabeller(session.Encoder(), session.Renderer, intervention, Compute.Threads(args));
        labeller.Check(rows, cancellation);

        using var progress = Progress.Start(args, $"predict {intervention}");
        var labels = labeller.Label(model.Engine(settings.Svd, settings.Seed), rows, progress.Report, cancellation).Select(ToJson);
        if (output is null) foreach (var line in labels) args.InvocationConfiguration.Output.WriteJsonLine(line);
        else AtomicFile.Write(output, stream => Write(stream, labels));
    }

    /// <summary>Says what a search is worth of which something is used.</summary>
    public static void SaySearched(ParseResult args, string folder, SearchEvidence evidence)
    {
        if (!args.GetValue(CommonOptions.Quiet)) args.InvocationConfiguration.Error.WriteLine($"{folder}: {evidence.Summary}");
    }

    private static SearchedRun RunOf(ParseResult args, string folder)
    {
        if (OfTheRun.FirstOrDefault(args.IsGiven) is { } option) throw new InputException(option.Name, $"expected none beside {Searched.Name}, which has one, found one", "leave one of the two out");
        return SearchedRun.Load(folder);
    }

    private static void Write(Stream stream, IEnumerable<JsonObject> lines)
    {
        using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
        foreach (var line in lines) writer.WriteJsonLine(line);
    }

    private static JsonObject ToJson(RowLabel row) => new()
    {
        ["row"] = row.Row,
        ["label"] = row.Names[row.Choice],
        ["probabilities"] = new JsonObject(row.Names.Zip(row.Probabilities, (name, probability) => KeyValuePair.Create(name, (JsonNode?)probability))),
    };
}
