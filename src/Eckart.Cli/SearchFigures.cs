using System.Collections.Immutable;
using System.Globalization;
using Eckart.Experiments;
using Eckart.Formats;
using Eckart.Reporting;
using Eckart.Search;
using Eckart.Statistics;

namespace Eckart.Cli;

/// <summary>A search's accuracies by clipping rate and by demonstrations: small charts for the terminal, and figures.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Task">Name of the task.</param>
/// <param name="Shots">Demonstrations of the search.</param>
/// <param name="Settings">What was searched over.</param>
/// <param name="Result">What was found.</param>
/// <param name="ByShots">The unedited and the chosen model by demonstrations; may be empty.</param>
internal sealed record SearchFigures(string Model, string Task, int Shots, SearchSettings Settings, SearchResult Result, IReadOnlyList<ShotsPoint> ByShots)
{
    private const int MostMarks = 10;       // layers that a digit can name

    private string Chosen => Result.Chosen.Intervention.ToString();

    private string[] Rates => [.. Result.Validation.Select(one => one.Rate).Distinct().Order().Select(rate => rate.ToString())];

    /// <summary>Writes the charts.</summary>
    public void Write(TextWriter output)
    {
        if (Settings.Layers.Max() < MostMarks)
        {
            output.WriteLine();
            RateChart().Write(output);
        }

        if (ByShots.Count == 0) return;
        output.WriteLine();
        new DotPlot($"test accuracy by demonstrations: o unedited{(Result.Chosen.Intervention.IsNone ? "" : $", x {Chosen}")}, * both",
            [.. ByShots.Select(point => (Number(point.Shots), Dots(point)))]).Write(output);
    }

    /// <summary>Writes <c>rates</c> and, where there is anything to show, <c>shots</c>, each as PNG and SVG.</summary>
    public void Save(string folder, FileCalls files)
    {
        RateFigure().Save(folder, "rates", files);
        if (ByShots.Count > 0) ShotsFigure().Save(folder, "shots", files);
    }

    private DotPlot RateChart() => new(
        $"validation accuracy by clipping rate: {(Settings.Layers is [_] ? "x" : "a digit is")} the layer whose {Settings.Module} is truncated, * several",
        [.. Result.Validation.GroupBy(one => one.Rate).OrderBy(rate => rate.Key).Select(rate => (rate.Key.ToString(), rate.Select(one => (Mark(one), one.Trial.Accuracy)).ToImmutableArray()))]);

    private char Mark(Candidate one) => one.Layer is not { } layer ? 'o' : Settings.Layers is [_] ? 'x' : (char)('0' + layer);

    private ImmutableArray<(char, double)> Dots(ShotsPoint point) =>
        Result.Chosen.Intervention.IsNone ? [('o', point.Before.Accuracy)] : [('o', point.Before.Accuracy), ('x', point.After.Accuracy)];

    private AccuracyFigure RateFigure() => new(Title(Result.Validation[0].Trial, Shots), $"clipping rate ξ of one layer's {Settings.Module}", [.. Rates], [.. RateSeries()]) { Alpha = Settings.Alpha };

    private IEnumerable<AccuracySeries> RateSeries()
    {
        var unedited = Of(Result.Validation[0].Trial);
        yield return new AccuracySeries("unedited", [.. Rates.Select(_ => unedited)]) { IsBaseline = true };
        var named = Settings.Layers.Length < AccuracyFigure.MostNamed ? Settings.Layers : [.. new[] { Result.Chosen.Layer, Settings.Pointed }.OfType<int>().Distinct()];
        foreach (var layer in Settings.Layers)
        {
            var values = Result.Validation.Where(one => one.Layer == layer).ToDictionary(one => one.Rate.ToString(), one => Of(one.Trial));
            yield return new AccuracySeries(named.Contains(layer) ? $"layer {Number(layer)}" : "", [.. Rates.Select(rate => values.GetValueOrDefault(rate) ?? (rate == Rates[0] ? unedited : null))]);
        }
    }

    private AccuracyFigure ShotsFigure() => new(Title(ByShots[0].Before, null), "demonstrations", [.. ByShots.Select(point => Number(point.Shots))],
        [.. ShotsSeries()])
    {
        Alpha = Settings.Alpha,
        Majority = Result.Majority,
    };

    private IEnumerable<AccuracySeries> ShotsSeries()
    {
        yield return new AccuracySeries("unedited", [.. ByShots.Select(point => Of(point.Before))]) { IsBaseline = true };
        if (!Result.Chosen.Intervention.IsNone) yield return new AccuracySeries(Chosen, [.. ByShots.Select(point => Of(point.After))]);
    }

    private string Title(Trial trial, int? shots) => string.Create(CultureInfo.InvariantCulture, $"{Model} on {Task}, {trial.Split}, n = {trial.N}{(shots is { } count ? $", {count} demonstrations" : "")}, seed {trial.Key.Seed}");

    private static Proportion? Of(Trial trial) => new Proportion(trial.Correct, trial.N);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
