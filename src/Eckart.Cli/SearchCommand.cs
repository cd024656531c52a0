using System.CommandLine;
using System.Globalization;
using Eckart.Experiments;
using Eckart.Experiments.Plans;
using Eckart.Formats;
using Eckart.Pruning;
using Eckart.Search;
using Eckart.Tasks;

namespace Eckart.Cli;

/// <summary><c>search</c>: Algorithm 1 from a model and a task to a tested intervention and what it is worth.</summary>
internal static class SearchCommand
{
    /// <param name="files">Write the run's folder.</param>
    public static Command Create(FileCalls files)
    {
        var command = new Command("search", "Choose a layer by its condition numbers and a clipping rate on validation data, test once, and say what came of it.")
            .With(CommonOptions.Running).With(CommonOptions.Task).With(CommonOptions.Sampling)
            .With(CommonOptions.Module, SearchedLayers.Option, CommonOptions.TopK, CommonOptions.Aggregate, CommonOptions.Indicator, CommonOptions.Rates, CommonOptions.Svd, CommonOptions.Alpha, ShotsStudy.Option, CommonOptions.Out, CommonOptions.Json);
        command.SetAction((args, cancellation) => Task.Run(() => Run(args, files, cancellation), cancellation));
        return command;
    }

    private static void Run(ParseResult args, FileCalls files, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        var (layers, rates, alpha, outFolder) = (LayerSettings.From(args), args.RatesOf(), args.AlphaOf(), args.PathOf(CommonOptions.Out));
        var settings = TaskItems.Settings(args);
        var sample = settings.Draw();       // before the model, which may have to be downloaded
        using var model = ModelPath.Open(args, cancellation);
        var session = new TaskSession(model, settings, sample);
        layers.CheckAgainst(session.Model.Spec);
        var searched = SearchedLayers.From(args, session.Variant, session.Model.Spec.Layers);
        var (validation, test, study) = (session.Validation(), session.Test(), ShotsStudy.Of(args, session));

        var choice = searched.Layers is [_] ? null : layers.Choose(SpectraOfModule(session, layers.Module, args, cancellation));
        var search = new SearchSettings(layers.Module, searched.Layers ?? [choice!.Layer], [.. rates], alpha) { Pointed = searched.Layers is null ? null : choice?.Layer };

        // The folder is made once nothing of the input is left to refuse but what only a score can show.
        var folder = outFolder is not null ? RunFolder.Open(outFolder, files) : RunFolder.Create("runs", session.Variant.Name, "search", TimeProvider.System, files);
        try
        {
            if (File.Exists(Path.Combine(folder.Path, PlanText.FileName))) throw new InputException(folder.Path, $"expected a new folder or a search's, found a plan's run ({PlanText.FileName})", "use another --out");
            using var journal = folder.OpenJournal();
            folder.WriteEnvironment(RunEnvironment.Of(TimeProvider.System, new Dictionary<string, string> { [session.Model.Checkpoint.Name] = session.Model.Digest }));
            if (journal.Dropped > 0 && !args.GetValue(CommonOptions.Quiet)) args.InvocationConfiguration.Error.WriteLine($"{folder.Path}: dropped the last line of {Journal.DefaultName}, which was cut short");
            var (result, byShots) = Search(args, session, journal, search, validation, test, study, cancellation);
            var report = new SearchReport(session, search, choice, result, byShots, [.. session.Notes(test), .. session.Notes(validation), .. searched.Note is { } note ? [note] : Array.Empty<string>()]);
            Write(args, folder, files, report, TimeProvider.System.GetElapsedTime(started));
        }
        catch (OperationCanceledException stop)
        {
            throw new RunInterruptedException(folder.Path, stop);
        }
        catch (InputException)
        {
            folder.RemoveIfUnused();
            throw;
        }
    }

    private static IReadOnlyList<MatrixSpectrum> SpectraOfModule(TaskSession session, Module module, ParseResult args, CancellationToken cancellation) =>
        SpectraWithProgress.Read(session.Model.Checkpoint, [.. Spectra.AllSites(session.Model.Spec).Where(site => module.Projections.Contains(site.Projection))], args, cancellation);

    private static (SearchResult Result, IReadOnlyList<ShotsPoint> ByShots) Search(
        ParseResult args, TaskSession session, Journal journal, SearchSettings settings, QuerySet validation, QuerySet test, ShotsStudy study, CancellationToken cancellation)
    {
        var algorithm = new Algorithm1(session.Runner(journal), session.Model.Spec, session.Variant.Metric, settings);
        using var progress = Progress.Start(args, "search");
        var result = algorithm.Run(validation, test, progress.Report, cancellation);
        return (result, study.Run(journal, result.Chosen.Intervention, progress.Report, cancellation));
    }

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
