using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Eckart.Reporting;
using Eckart.Training;

namespace Eckart.Cli;

/// <summary>Runs a training to its end, with progress, and reports it.</summary>
/// <param name="args">For the messages and the output.</param>
/// <param name="folder">The training's.</param>
/// <param name="lossLabel">What the loss is, for the figure.</param>
internal sealed class TrainingRun(ParseResult args, string folder, string lossLabel)
{
    private readonly long started = TimeProvider.System.GetTimestamp();

    /// <summary>Trains, writes the model and its curve, and says so.</summary>
    /// <param name="trainer">Opened on the folder.</param>
    /// <param name="settings">As it was opened with.</param>
    /// <param name="tokenizer">Text of the model's <c>tokenizer.json</c>; null for none.</param>
    /// <param name="afterwards">Writes what else belongs to the model; null for nothing.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public void Complete(Trainer trainer, TrainingSettings settings, string? tokenizer, Action? afterwards, CancellationToken cancellation)
    {
        var before = trainer.Steps;
        try
        {
            using var progress = Progress.Start(args, "train", "steps", settings.Steps);
            trainer.Run(point => Show(trainer.Curve.Columns, point), progress.Advance, tokenizer, cancellation);
        }
        catch (OperationCanceledException stop)
        {
            throw new RunInterruptedException(folder, stop);
        }

        trainer.WriteModel(tokenizer);
        afterwards?.Invoke();
        new TrainingCurveFigure($"{settings.Family}, {trainer.Parameters.ToString("N0", CultureInfo.InvariantCulture)} parameters", trainer.Curve) { LossLabel = lossLabel }.Save(folder);
        Write(trainer, before, TimeProvider.System.GetElapsedTime(started));
    }

    private void Show(IReadOnlyList<string> columns, CurvePoint point)
    {
        if (args.GetValue(CommonOptions.Quiet)) return;
        var accuracies = string.Concat(columns.Zip(point.Accuracies, (column, accuracy) => string.Create(CultureInfo.InvariantCulture, $", {column} {accuracy:0.00}")));
        var (error, line) = (args.InvocationConfiguration.Error, string.Create(CultureInfo.InvariantCulture, $"step {point.Step}: loss {point.Loss:0.000}{accuracies}"));
        error.WriteLine(Terminal.IsTerminal(error) ? $"\r{line.PadRight(Terminal.Width - 1)}" : line);       // over the bar
    }

    private void Write(Trainer trainer, long before, TimeSpan elapsed)
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
}
