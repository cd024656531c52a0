using System.Globalization;
using Eckart.Pruning;
using Eckart.Reporting.Chapters;

namespace Eckart.Reporting;

/// <summary>What was tried, in words for somebody who has not seen the plan.</summary>
internal static class AnswerWords
{
    private const int MostNames = 3;

    /// <summary>How much of what, how an edit is written, and of spectra and functions what came out.</summary>
    public static IEnumerable<string> Tried(ReportData data)
    {
        if (data.Lines == 0) yield return "No trial is finished yet.";
        if (data.Trials > 0)
        {
            yield return $"{ReportNumber.Of(data.Trials, "trial")}: {Listed([.. data.Episodes.Select(episode => episode.Model).Distinct()], "model")} on {Listed([.. data.Episodes.Select(episode => episode.Key.Task).Distinct()], "task")}, {Edits(data)}.";
            if (Example(data) is { } example) yield return example;
        }

        foreach (var sentence in data.Runs.SelectMany(Measured)) yield return sentence;
    }

    private static string Edits(ReportData data)
    {
        var all = data.Episodes.SelectMany(episode => episode.Splits).SelectMany(split => split.Trials).Where(trial => !trial.IsUnedited).ToArray();
        var truncations = all.Select(trial => trial.Truncation).OfType<Truncation>().ToArray();
        var (modules, layers) = (truncations.Select(edit => edit.Module).Distinct().ToArray(), truncations.Select(edit => edit.Layer).Distinct().Order().ToArray());
        var everywhere = data.Episodes.All(episode => episode.Splits.SelectMany(split => split.Trials).Select(trial => trial.Truncation).OfType<Truncation>().Select(edit => (edit.Module, edit.Layer)).Distinct().Count() == modules.Length * layers.Length);
        var drops = all.Count(trial => trial.Edit is LayerDrop);
        string[] parts =
        [
            .. truncations.Length == 0 ? Array.Empty<string>() : [$"truncated in {Names([.. modules.OrderBy(module => Module.Known.IndexOf(module)).Select(module => module.Name)])} of {(everywhere ? "" : "some of ")}{Layers(layers)} at {Rates([.. truncations.Select(edit => edit.Rate).Distinct().Order()])}"],
            .. drops == 0 ? Array.Empty<string>() : ["with a layer left out"],
            .. all.Length == truncations.Length + drops ? Array.Empty<string>() : ["with several edits at once"],
        ];
        return parts.Length == 0 ? "unedited" : $"unedited and {Names(parts)}";
    }

    // The edit that gained most, spelled out: it is likely to be named next.
    private static string? Example(ReportData data)
    {
        var edits = data.Episodes.SelectMany(episode => episode.Splits).SelectMany(split => split.Trials).Where(trial => trial.Edit is not null);
        return edits.OrderByDescending(trial => trial.Truncation is not null).ThenByDescending(trial => trial.Comparison?.Difference ?? double.NegativeInfinity).FirstOrDefault() switch
        {
            { Truncation: { } cut } trial => string.Create(CultureInfo.InvariantCulture, $"{trial.Trial.Intervention} means: of {Matrices(cut.Module)} of layer {cut.Layer}, counted from 0, the share {cut.Rate} of the singular values is removed, the smallest first."),
            { Edit: LayerDrop drop } trial => string.Create(CultureInfo.InvariantCulture, $"{trial.Trial.Intervention} means: the model without layer {drop.Layer}, counted from 0."),
            _ => null,
        };
    }

    private static string Matrices(Module module) => module.Projections.Length == 1 ? $"the {module.Name} matrix" : module == Module.Whole ? "every matrix" : $"every {module.Name} matrix";

    private static IEnumerable<string> Measured(RunContents run)
    {
        if (run.Spectra.Count > 0)
        {
            yield return $"The spectra of {ReportNumber.Of(run.Spectra.Count, "matrix")} of {Listed([.. run.Spectra.Select(line => run.Names.GetValueOrDefault(line.Spectrum.Model, line.Spectrum.Model)).Distinct()], "model")}.";
            yield return "A matrix's condition number is its largest singular value over its smallest. The paper's Algorithm 1 truncates the deepest of the layers in which it is largest.";
            foreach (var sentence in SpectraChapter.Choices(run)) yield return sentence;
        }

        if (run.Learners.Count > 0)
        {
            yield return $"{ReportNumber.Of(run.Learners.Count, "learner")} of linear functions, edited models among them.";
            foreach (var sentence in FunctionsChapter.Answers(run)) yield return sentence;
        }
    }

    private static string Layers(int[] layers) => layers.Length switch
    {
        1 => $"layer {ReportNumber.Count(layers[0])}",
        _ when layers.Length > 2 && layers[^1] - layers[0] == layers.Length - 1 => string.Create(CultureInfo.InvariantCulture, $"layers {layers[0]} to {layers[^1]}"),
        <= 6 => $"layers {Names([.. layers.Select(layer => ReportNumber.Count(layer))])}",
        _ => string.Create(CultureInfo.InvariantCulture, $"{layers.Length} layers from {layers[0]} to {layers[^1]}"),
    };

    private static string Rates(ClippingRate[] rates) => rates.Length == 1 ? $"clipping rate {rates[0]}" : $"{ReportNumber.Of(rates.Length, "clipping rate")} from {rates[0]} to {rates[^1]}";

    private static string Listed(string[] names, string what) => names.Length <= MostNames ? Names(names) : ReportNumber.Of(names.Length, what);

    private static string Names(string[] names) => names.Length < 2 ? string.Concat(names) : $"{string.Join(", ", names[..^1])} and {names[^1]}";
}
