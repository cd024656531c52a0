using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Eckart.Experiments;
using Eckart.Formats;
using Eckart.Pruning;
using Eckart.Search;
using Eckart.Tasks;

namespace Eckart.Cli;

/// <summary><c>search</c>: Algorithm 1 from a model and a task to a tested intervention and what it is worth.</summary>
internal static class SearchCommand
{
    private static readonly Option<string> Layer = new("--layer") { Description = "The layer whose rates are tried (negative: from the end), or all. Not given: Algorithm 1's choice.", HelpName = "N|all" };

    public static Command Create()
    {
        var command = new Command("search", "Choose a layer by its condition numbers and a clipping rate on validation data, test once, and say what came of it.")
            .With(CommonOptions.Running).With(CommonOptions.Task).With(CommonOptions.Sampling)
            .With(CommonOptions.Module, Layer, CommonOptions.TopK, CommonOptions.Aggregate, CommonOptions.Indicator, CommonOptions.Rates, CommonOptions.Svd, CommonOptions.Alpha, CommonOptions.Out, CommonOptions.Json);
        command.SetAction((args, cancellation) => Task.Run(() => Run(args, cancellation), cancellation));
        return command;
    }

    private static void Run(ParseResult args, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        var (layers, rates, alpha, outFolder) = (LayerSettings.From(args), args.RatesOf(), args.AlphaOf(), args.PathOf(CommonOptions.Out));
        using var session = TaskSession.Open(args);
        layers.CheckAgainst(session.Model.Spec);
        var given = GivenLayers(args, session.Model.Spec.Layers);
        var (validation, test) = (session.Validation(), session.Test());

        var choice = given is [_] ? null : layers.Choose(SpectraOfModule(session, layers.Module, args, cancellation));
        var settings = new SearchSettings(layers.Module, given ?? [choice!.Layer], [.. rates], alpha);

        // The folder is made once nothing of the input is left to refuse but what only a score can show.
        var folder = outFolder is not null ? RunFolder.Open(outFolder) : RunFolder.Create("runs", session.Variant.Name, "search", TimeProvider.System);
        try
        {
            using var journal = folder.OpenJournal();
            folder.WriteEnvironment(RunEnvironment.Of(TimeProvider.System, new Dictionary<string, string> { ["model"] = session.Model.Digest }));
            if (journal.Dropped > 0 && !args.GetValue(CommonOptions.Quiet)) args.InvocationConfiguration.Error.WriteLine($"{folder.Path}: dropped the last line of {Journal.DefaultName}, which was cut short");
            var result = Search(args, session, journal, settings, validation, test, cancellation);
            var report = new SearchReport(session, settings, choice, result, test.Items.Available, validation.Items.Available);
            Write(args, folder, report, TimeProvider.System.GetElapsedTime(started));
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

    private static ImmutableArray<int>? GivenLayers(ParseResult args, int count) => args.GetValue(Layer) switch
    {
        null => null,
        "all" => [.. Enumerable.Range(0, count)],
        var text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var layer) && layer >= -count && layer < count
            ? [layer < 0 ? layer + count : layer]
            : throw OptionValues.Refuse(Layer.Name, $"a layer from 0 to {count - 1}, from -{count} to -1, or all", text),
    };

    private static IReadOnlyList<MatrixSpectrum> SpectraOfModule(TaskSession session, Module module, ParseResult args, CancellationToken cancellation) =>
        SpectraWithProgress.Read(session.Model.Checkpoint, [.. Spectra.AllSites(session.Model.Spec).Where(site => module.Projections.Contains(site.Projection))], args, cancellation);

    private static SearchResult Search(ParseResult args, TaskSession session, Journal journal, SearchSettings settings, QuerySet validation, QuerySet test, CancellationToken cancellation)
    {
        var algorithm = new Algorithm1(session.Runner(journal), session.Model.Spec, session.Variant.Metric, settings);
        using var progress = Progress.Start(args, "search");
        return algorithm.Run(validation, test, progress.Report, cancellation);
    }

    private static void Write(ParseResult args, RunFolder folder, SearchReport report, TimeSpan elapsed)
    {
        var output = args.InvocationConfiguration.Output;
        var document = report.ToJson();
        folder.WriteJson("search.json", document);
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
