using System.Collections.Immutable;
using System.Globalization;
using Eckart.Pruning;

namespace Eckart.Reporting.Chapters;

/// <summary>Condition numbers by layer and matrix, and the layers that Algorithm 1 takes by them: the paper's Figure 3.</summary>
internal sealed class SpectraChapter : IReportChapter
{
    private static readonly LayerRanking Ranking = new();

    public IEnumerable<ReportSection> Of(ReportData data) =>
        data.Runs.SelectMany(run => Models(run).Select(model => Section(run, model.Name, model.Matrices)));

    private static ReportSection Section(RunContents run, string model, MatrixSpectrum[] matrices)
    {
        string[] sites = [.. matrices.Select(matrix => matrix.Site.Projection).Distinct().Order().Select(projection => projection.ToString())];
        var rows = matrices.GroupBy(matrix => matrix.Site.Layer).OrderBy(layer => layer.Key).Select(layer => Row(layer.Key, sites, [.. layer])).ToImmutableArray();
        var figure = new ConditionNumberFigure(model, [.. matrices.Select(matrix => new LayerCondition(matrix.Site.Layer, matrix.Site.Projection.ToString(), matrix.Measures.Condition))], ChosenLayer: null);
        return new ReportSection($"{model}: condition numbers",
        [
            .. Choices(run, matrices).Select(choice => new ReportSentence(Sentence(choice))),
            new ReportFigure(FigureName.Of(run.Tag, model, "condition"), $"Condition number of every matrix of {model}, by layer", figure.ToFiles),
            new ReportTable($"{model}: largest over smallest singular value", ["layer", .. sites], rows),
        ]);
    }

    private static string Sentence(LayerChoice choice) =>
        $"By condition numbers of {choice.Module.Name}, Algorithm 1 takes layer {ReportNumber.Count(choice.Layer)}{(choice.Top.Length == 1 ? ", which has the largest" : $", the deepest of {string.Join(", ", choice.Top)}, which have the largest")}.";

    private static ImmutableArray<ReportCell> Row(int layer, string[] sites, MatrixSpectrum[] matrices) =>
    [
        ReportNumber.Count(layer),
        .. sites.Select(site => matrices.FirstOrDefault(matrix => matrix.Site.Projection.ToString() == site) is { } found ? Cell(found.Measures) : new ReportCell("")),
    ];

    private static ReportCell Cell(SpectralSummary measures) => new(measures.Condition is { } condition ? condition.ToString(condition < 1e5 ? "0.0" : "0.0e+0", CultureInfo.InvariantCulture) : "infinite")
    {
        Exact = string.Create(CultureInfo.InvariantCulture, $"{measures.Largest:R} over {measures.Smallest:R}; stable rank {measures.StableRank:0.0}, effective rank {measures.EffectiveRank:0.0}"),
    };

    // Algorithm 1 looks at every matrix of the module in every layer: a share, a run that goes on or a plan of single matrices does not tell.
    private static bool IsWhole(RunContents run, Module module, MatrixSpectrum[] matrices)
    {
        if (!run.IsComplete || run.Plan is not { } plan || !(plan.Modules.IsEmpty || plan.Modules.Any(planned => module.Projections.All(planned.Projections.Contains)))) return false;
        var layers = matrices.Where(matrix => module.Projections.Contains(matrix.Site.Projection)).GroupBy(matrix => matrix.Site.Layer, matrix => matrix.Site.Projection).OrderBy(layer => layer.Key).ToArray();
        return layers.Length > 0 && layers[^1].Key == layers.Length - 1 && layers.All(layer => layer.Order().SequenceEqual(layers[0].Order()));
    }

    /// <summary>What Algorithm 1 takes of each model, as far as the run tells.</summary>
    internal static IEnumerable<string> Choices(RunContents run) =>
        from model in Models(run)
        let choices = Choices(run, model.Matrices).Select(choice => $"layer {ReportNumber.Count(choice.Layer)} for {choice.Module.Name}").ToArray()
        where choices.Length > 0
        select $"Of {model.Name} it takes {string.Join(" and ", choices)}.";

    private static IEnumerable<(string Name, MatrixSpectrum[] Matrices)> Models(RunContents run) =>
        run.Spectra.GroupBy(line => line.Spectrum.Model).Select(model => (run.Names.GetValueOrDefault(model.Key, model.Key), model.Select(line => line.ToMatrix()).ToArray()));

    private static IEnumerable<LayerChoice> Choices(RunContents run, MatrixSpectrum[] matrices)
    {
        foreach (var module in new[] { Module.Attention, Module.Mlp })
        {
            if (!IsWhole(run, module, matrices)) continue;
            yield return Ranking.Choose(matrices, module);
        }
    }
}
