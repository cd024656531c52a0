using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Eckart.Formats;
using Eckart.Training.Regression;

namespace Eckart.Cli;

/// <summary><c>regression train --attention linear</c>: trains the model for which the paper's theory is exact.</summary>
internal static class LinearTrainingRun
{
    /// <summary>Trains, writes <c>model.safetensors</c> and <c>training.json</c>, and says so.</summary>
    /// <param name="args">For the messages and the output.</param>
    /// <param name="folder">New, or empty.</param>
    /// <param name="settings">How.</param>
    /// <param name="cancellation">Stops between steps; nothing is written.</param>
    /// <exception cref="InputException">The folder holds something, settings are outside their ranges, or the training diverged.</exception>
    public static void Complete(ParseResult args, string folder, LinearTrainingSettings settings, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        settings.Check();
        AtomicFolder.Check(folder, replace: false);
        var quiet = args.GetValue(CommonOptions.Quiet);
        using var progress = Progress.Start(args, "train", "steps", settings.Steps);
        var (model, error) = LinearTraining.Run(
            settings,
            (step, loss) => { if (!quiet) args.InvocationConfiguration.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"step {step}: squared error {loss:0.0000}")); },
            () => progress.Advance(),
            cancellation);
        AtomicFolder.Write(folder, replace: false, beside =>
        {
            model.Save(beside);
            IndentedJson.Write(Path.Combine(beside, "training.json"), Json(settings, error));
        });
        var elapsed = TimeProvider.System.GetElapsedTime(started);
        var parameters = settings.Layers * 3 * model.Size * model.Size;
        if (args.GetValue(CommonOptions.Json))
            args.InvocationConfiguration.Output.WriteJson(new JsonObject { ["out"] = folder, ["parameters"] = parameters, ["steps"] = settings.Steps, ["loss"] = error, ["seconds"] = Math.Round(elapsed.TotalSeconds, 3) });
        else
            args.InvocationConfiguration.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{parameters:N0} parameters, {settings.Steps} steps, squared error {error:0.0000}, {elapsed.TotalSeconds:0.0} s; the model is in {folder}"));
    }

    private static JsonObject Json(LinearTrainingSettings settings, double error) => new()
    {
        ["attention"] = "linear",
        ["dimensions"] = settings.Dimensions,
        ["demonstrations"] = settings.Demonstrations,
        ["layers"] = settings.Layers,
        ["steps"] = settings.Steps,
        ["batch"] = settings.Batch,
        ["learning_rate"] = settings.LearningRate,
        ["seed"] = settings.Seed,
        ["error"] = error,
    };
}
