using System.CommandLine;
using System.Globalization;
using Eckart.Experiments;
using Eckart.Experiments.Plans;
using Eckart.Formats;
using Eckart.Search;

namespace Eckart.Cli;

/// <summary><c>search</c>: Algorithm 1 from a model and a task to a tested intervention and what it is worth.</summary>
internal static class SearchCommand
{
    private const string UsualShots = "0,1,2,4,8";
    private const string NoShots = "none";

    private static readonly Option<string> Layer = new("--layer") { Description = "The layer whose rates are tried (negative: from the end), or all. Not given: what the task's file says, or else Algorithm 1's choice.", HelpName = "N|all" };
    private static readonly Option<string> ByShots = new("--by-shots") { Description = $"Test the unedited and the chosen model after these numbers of demonstrations too. Not given: {NoShots}; {UsualShots} where neither a model nor a task is given.", HelpName = "0,1,…" };

    /// <param name="files">Write the run's folder.</param>
    public static Command Create(FileCalls files)
    {
        var command = new Command("search", "Choose a layer by its condition numbers and a clipping rate on validation data, test once, and say what came of it.")
            .With(CommonOptions.Running).With(CommonOptions.Task).With(CommonOptions.Sampling)
            .With(CommonOptions.Module, Layer, CommonOptions.TopK, CommonOptions.Aggregate, CommonOptions.Indicator, CommonOptions.Rates, CommonOptions.Svd, CommonOptions.Alpha, ByShots, CommonOptions.Out, CommonOptions.Json);
        command.SetAction((args, cancellation) => Task.Run(() => Run(args, files, cancellation), cancellation));
        return command;
    }

    private static void Run(ParseResult args, FileCalls files, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        var (plan, outFolder) = (PlanOf(args), args.PathOf(CommonOptions.Out));
        SearchReport? report = null;
        using var progress = new RunProgress(args, _ => "search");
        using var runner = new PlanRunner(plan, _ => Fitting(plan, ModelPath.Open(args, cancellation)), TaskItems.DataFolder(args)) { OneSearch = true, Searched = outcome => report = new SearchReport(outcome) };

        // The folder is made once nothing of the input is left to refuse but what only a score can show.
        var laid = runner.LayOut(estimate: false, progress.Listener, cancellation);
        var folder = outFolder is not null ? RunFolder.Open(outFolder, files) : RunFolder.Create("runs", laid[0].Trials.Task, "search", TimeProvider.System, files);
        if (PlanText.IsOther(plan, folder) && !args.GetValue(CommonOptions.Quiet)) args.InvocationConfiguration.Error.WriteLine($"{folder.Path} holds another search: its trials stay, and report, predict and export follow this one");
        try
        {
            new PlanRun(plan, runner, Shard.Whole, TimeProvider.System) { OneSearch = true }.In(folder, progress.Listener, () => RunCommand.SayDropped(args, folder, Shard.Whole), cancellation);
            progress.Dispose();
            Write(args, folder, files, report!, TimeProvider.System.GetElapsedTime(started));
        }
        catch (OperationCanceledException stop)
        {
            throw new RunInterruptedException(folder.Path, stop);
        }
    }

    // Where a model lacks what a plan names, the plan is named; here an option said it.
    private static ModelSession Fitting(Plan plan, ModelSession model)
    {
        try
        {
            var (spec, module) = (model.Spec, plan.Modules[0]);
            if (plan.Layers is [var layers] && layers.Of(spec.Layers) is null) throw OptionValues.Refuse(Layer.Name, FormattableString.Invariant($"a layer from -{spec.Layers} to {spec.Layers - 1}, or all"), layers.ToString());
            if (module.In(spec).IsEmpty) throw OptionValues.Refuse(CommonOptions.Module.Name, $"a module or matrix that {spec.Family.Title} has ({string.Join(", ", spec.Projections).ToLowerInvariant()})", module.Name);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static Plan PlanOf(ParseResult args) => PlanOptions.OneTask(args, "search") with
    {
        Title = $"Algorithm 1 on {Path.GetFileNameWithoutExtension(TaskItems.RequiredName(args))}",
        Searches = true,
        Modules = [args.ModuleOf()],
        Layers = args.GetValue(Layer) is not { } text ? []
            : LayerSelection.Parse(text) is { Kind: LayerSelectionKind.All or LayerSelectionKind.ByNumber } layers ? [layers] : throw OptionValues.Refuse(Layer.Name, "a layer by number (negative: from the end), or all", text),
        Rates = [.. args.RatesOf()],
        Ranking = args.RankingOf(),
        ByShots = [.. (args.GetValue(ByShots) ?? (TaskItems.IsDefault(args) ? UsualShots : NoShots)).Split(',', StringSplitOptions.TrimEntries).Where(shots => shots != NoShots).Select(Shots).Distinct().Order()],
    };

    private static int Shots(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count
        : throw OptionValues.Refuse(ByShots.Name, $"numbers of demonstrations such as {UsualShots}, or {NoShots}", text);

    private static void Write(ParseResult args, RunFolder folder, FileCalls files, SearchReport report, TimeSpan elapsed)
    {
        var output = args.InvocationConfiguration.Output;
        var document = report.ToJson();
        folder.WriteJson("search.json", document);
        report.Figures.Save(folder.Path, files);
        if (args.GetValue(CommonOptions.Json))
        {
            document["seconds"] = Math.Round(elapsed.TotalSeconds, 3);
            document["out"] = folder.Path;
            output.WriteJson(document);
            return;
        }

        report.WriteText(output);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:0.0} s; every trial is in {folder.Path}"));
    }
}
