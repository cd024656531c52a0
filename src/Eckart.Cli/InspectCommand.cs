using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Eckart.Formats;
using Eckart.Formats.HuggingFace.Hub;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Reporting;
using Spectre.Console;

namespace Eckart.Cli;

/// <summary><c>inspect</c>: the spectra of every matrix, and the layer that Algorithm 1 would choose, straight from the checkpoint.</summary>
internal static class InspectCommand
{
    private static readonly Option<string> Figure = new("--figure") { Description = "Draw the paper's Figure 3: condition numbers by layer.", HelpName = "FILE.png|.svg" };

    public static Command Create()
    {
        var command = new Command("inspect", "Show the spectra of a model's matrices and the layer that Algorithm 1 would choose.")
            .With(CommonOptions.Model, CommonOptions.Module, CommonOptions.TopK, CommonOptions.Aggregate, CommonOptions.Indicator, Figure, CommonOptions.Threads, CommonOptions.Json, CommonOptions.Quiet);
        command.SetAction((args, cancellation) => Task.Run(() => Run(args, cancellation), cancellation));
        return command;
    }

    private static void Run(ParseResult args, CancellationToken cancellation)
    {
        var (module, ranking) = (args.ModuleOf(), args.RankingOf());
        var figure = args.FileToWrite(Figure);
        if (figure is not null && Path.GetExtension(figure).ToLowerInvariant() is not (".png" or ".svg")) throw OptionValues.Refuse(Figure.Name, "a file name ending in .png or .svg", figure);
        using var checkpoint = Checkpoint.Open(ModelPath.Of(args, HubContent.Checkpoint, cancellation));
        module.CheckAgainst(checkpoint.Spec);
        var sites = Spectra.AllSites(checkpoint.Spec).ToArray();
        var spectra = SpectraWithProgress.Read(checkpoint, sites, args, cancellation);
        var choice = ranking.Choose(spectra, module);

        if (figure is not null)
            new ConditionNumberFigure(checkpoint.Name, [.. spectra.Select(one => new LayerCondition(one.Site.Layer, one.Site.Projection.ToString(), one.Measures.Condition))], choice.Layer).Save(figure);
        var output = args.InvocationConfiguration.Output;
        if (args.GetValue(CommonOptions.Json))
            output.WriteJson(new JsonObject { ["model"] = checkpoint.Path, ["layers"] = checkpoint.Spec.Layers, ["matrices"] = new JsonArray([.. spectra.Select(Matrix)]), ["choice"] = ChoiceJson(choice) });
        else
            WriteTable(output, checkpoint, spectra, choice);
    }

    /// <summary>The choice as JSON, shared with <c>search</c>.</summary>
    public static JsonObject ChoiceJson(LayerChoice choice) => new()
    {
        ["module"] = choice.Module.Name,
        ["indicator"] = KebabCase.Of(choice.Indicator),
        ["aggregate"] = KebabCase.Of(choice.Aggregate),
        ["by_layer"] = new JsonArray([.. choice.ByLayer.Select(value => JsonOutput.Number(value))]),
        ["top"] = JsonOutput.Array(choice.Top),
        ["layer"] = choice.Layer,
    };

    /// <summary>The same fields where the layer was given: no spectrum was read.</summary>
    public static JsonObject GivenJson(Module module, int layer) => new()
    {
        ["module"] = module.Name,
        ["indicator"] = null,
        ["aggregate"] = null,
        ["by_layer"] = null,
        ["top"] = null,
        ["layer"] = layer,
    };

    private static JsonObject Matrix(MatrixSpectrum spectrum) => new()
    {
        ["layer"] = spectrum.Site.Layer,
        ["site"] = spectrum.Site.Projection.ToString(),
        ["shape"] = JsonOutput.Array(spectrum.Shape),
        ["largest"] = spectrum.Measures.Largest,
        ["smallest"] = spectrum.Measures.Smallest,
        ["condition"] = JsonOutput.Number(spectrum.Measures.Condition),
        ["stable_rank"] = spectrum.Measures.StableRank,
        ["effective_rank"] = spectrum.Measures.EffectiveRank,
        ["rank_of_90_percent_energy"] = spectrum.Measures.RankOf90PercentEnergy,
        ["marchenko_pastur_edge"] = spectrum.Measures.MarchenkoPasturEdge,
        ["above_edge"] = spectrum.Measures.AboveEdge,
        ["laser_rmt_threshold"] = spectrum.Measures.LaserRmtThreshold,
    };

    private static void WriteTable(TextWriter output, Checkpoint checkpoint, IReadOnlyList<MatrixSpectrum> spectra, LayerChoice choice)
    {
        output.WriteLine($"{checkpoint.Name}: condition numbers σ₁/σ_min by layer");
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("layer").RightAligned());
        foreach (var projection in checkpoint.Spec.Projections) table.AddColumn(new TableColumn(projection.ToString()).RightAligned());
        table.AddColumn(new TableColumn(choice.Aggregate.ToString().ToLowerInvariant() + " " + choice.Module.Name).RightAligned());
        foreach (var layer in spectra.GroupBy(spectrum => spectrum.Site.Layer))
            table.AddRow([layer.Key.ToString(CultureInfo.InvariantCulture), .. layer.Select(spectrum => Short(spectrum.Measures.Condition)), Short(choice.ByLayer[layer.Key]) + (choice.Top.Contains(layer.Key) ? layer.Key == choice.Layer ? " <-" : " *" : "  ")]);
        Terminal.Write(output, table);
        output.WriteLine($"Algorithm 1 on {choice.Module}: the layers with the largest {KebabCase.Of(choice.Indicator)} are {string.Join(", ", choice.Top)}; the deepest of these, {choice.Layer}, is chosen.");
    }

    private static string Short(double? value) => value is null || double.IsInfinity(value.Value) ? "inf" : value.Value.ToString(Math.Abs(value.Value) < 1e5 ? "0.#" : "0.0e+0", CultureInfo.InvariantCulture);
}
