using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Eckart.Formats;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Statistics;
using Eckart.Training;
using Eckart.Training.Regression;
using TorchSharp;

namespace Eckart.Cli;

/// <summary><c>regression evaluate</c>: errors by the number of examples, against other learners, at several training steps, and truncated.</summary>
internal static class RegressionEvaluateCommand
{
    private const int UsualFunctions = 640;

    private static readonly Option<string[]> ModelFolders = new("--model") { Description = "A folder of regression train, with the models that it kept; or several models. The last one is compared and truncated. Not given: the embedded ones.", HelpName = "DIR…", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<int?> Functions = TrainingOptions.Count("--functions", "Functions to learn.", UsualFunctions);
    private static readonly Option<long?> Seed = new("--seed") { Description = "Of the functions.", HelpName = "S", DefaultValueFactory = _ => 1, CustomParser = OptionValues.Whole<long> };
    private static readonly Option<string> Layer = new("--layer") { Description = "The layer that is truncated (negative: from the end), or all, one at a time.", HelpName = "N|all", DefaultValueFactory = _ => "all" };
    private static readonly Option<string> Modules = new("--module") { Description = "What of a layer is truncated, one at a time: mlp, attention, all, or query key value output gate up down.", HelpName = "NAME,NAME", DefaultValueFactory = _ => "mlp,attention" };
    public static readonly Option<string> Out = new("--out") { Description = "A folder for results.csv, results.json and the figures; made if need be.", HelpName = "DIR" };

    public static Command Create()
    {
        var command = new Command("evaluate", "Measure how well a model learns functions, and what truncation does to that.")
            .With(ModelFolders, Functions, Seed, Layer, Modules, CommonOptions.Rates, CommonOptions.Alpha, Out, CommonOptions.Device, CommonOptions.Threads, CommonOptions.Json, CommonOptions.Quiet);
        command.SetAction((args, cancellation) => Task.Run(() => Run(args, cancellation), cancellation));
        return command;
    }

    private static void Run(ParseResult args, CancellationToken cancellation)
    {
        var (compute, folder) = (Compute.From(args, torch.float32), args.FolderToWrite(Out));
        var settings = new RegressionStudySettings(args.GetValue(Functions)!.Value, args.GetValue(Seed)!.Value, args.AlphaOf(), compute.Workers);
        var kept = Kept(args);
        using var last = RegressionModel.Load(kept[^1], compute);
        var interventions = Interventions(args, last);
        Write(args, folder, Measure(args, kept, last, interventions, settings, compute, cancellation));
    }

    private static IReadOnlyList<KeptModel> Kept(ParseResult args) => args.GetValue(ModelFolders) is { Length: > 0 } folders
        ? [.. folders.SelectMany(folder => KeptModel.In(ModelPath.Here(folder) ?? folder))]
        : KeptModel.In(EmbeddedModels.Find(EmbeddedModels.Functions) ?? throw new InputException(ModelFolders.Name, "expected a folder of regression train, found none, and this build has no embedded model", "give one"));

    private static RegressionReport Measure(ParseResult args, IReadOnlyList<KeptModel> kept, RegressionModel last, ImmutableArray<Intervention> interventions, RegressionStudySettings settings, ComputeOptions compute, CancellationToken cancellation)
    {
        var study = new RegressionStudy(last.Recipe, settings);
        using var progress = Progress.Start(args, "evaluate", "models", kept.Count + interventions.Length);
        LearnerErrors Measured(RegressionModel model)
        {
            var errors = study.Errors(model, cancellation);
            progress.Advance();
            return errors;
        }

        var earlier = kept.Take(kept.Count - 1).Select(one =>
        {
            using var model = RegressionModel.Load(one, compute);
            study.RefuseOther(one, model.Recipe);
            return Measured(model);
        });
        return new RegressionReport(
            kept[^1].Path,
            last.Recipe,
            settings,
            [.. earlier, Measured(last)],
            [.. RegressionStudy.Baselines.Select(learner => study.Errors(learner, cancellation))],
            study.Truncated(last, interventions, progress.Advance, cancellation));
    }

    private static void Write(ParseResult args, string? folder, RegressionReport report)
    {
        if (folder is not null) report.Save(folder);
        if (args.GetValue(CommonOptions.Json)) args.InvocationConfiguration.Output.WriteJson(report.ToJson());
        else report.Write(args.InvocationConfiguration.Output);
    }

    private static ImmutableArray<Intervention> Interventions(ParseResult args, RegressionModel model)
    {
        var (layer, layers, spec) = (args.GetValue(Layer)!, model.Model.Spec.Layers, model.Model.Spec);
        int[] chosen = layer == "all" ? [.. Enumerable.Range(0, layers)]
            : int.TryParse(layer, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? [number]
            : throw OptionValues.Refuse(Layer.Name, "a layer, or all", layer);
        Module[] modules = [.. args.GetValue(Modules)!.Split(',', StringSplitOptions.TrimEntries).Select(name => Module.Find(name) ?? throw OptionValues.Refuse(Modules.Name, $"some of {string.Join(", ", Module.Known)}", name)).Distinct()];
        return
        [
            .. from one in chosen
               from module in modules
               from rate in args.RatesOf().Where(rate => !rate.IsZero)
               select new Intervention(new Truncation(module, one, rate)).Resolve(spec),
        ];
    }
}
