using System.Globalization;
using Eckart.Pruning;
using Eckart.Statistics;

namespace Eckart.Reporting;

/// <summary>Accuracy by clipping rate, a line a layer, the unedited model dashed: a panel of the paper's Figures 1 and 2.</summary>
internal static class RatePanel
{
    /// <summary>The panel of one module on one set of queries.</summary>
    /// <param name="split">The trials.</param>
    /// <param name="module">Whose truncations.</param>
    /// <param name="layers">All layers of the figure, ascending: a layer has one colour in all its panels.</param>
    /// <param name="about">What tells it from other panels of the module; empty where nothing need.</param>
    public static AccuracyFigure Of(SplitSummary split, Module module, int[] layers, string about)
    {
        var points = split.Trials.Where(trial => trial.Truncation?.Module == module).ToDictionary(trial => (trial.Truncation!.Layer, trial.Truncation.Rate), trial => trial.Proportion);
        ClippingRate[] rates = [.. points.Keys.Select(key => key.Rate).Append(default).Distinct().Order()];
        var start = split.Unedited?.Proportion;
        var title = about.Length > 0 ? $"{module.Name}, {about}" : module.Name;
        return new AccuracyFigure(
            title, "clipping rate ξ", [.. rates.Select(rate => rate.ToString())],
            [new AccuracySeries("unedited", [.. rates.Select(_ => start)]) { IsBaseline = true }, .. layers.Index().Where(layer => points.Keys.Any(key => key.Layer == layer.Item)).Select(layer => Series(layer.Item, layer.Index))])
        {
            Majority = split.Majority,
        };

        AccuracySeries Series(int layer, int place)
        {
            var many = layers.Length >= AccuracyFigure.MostNamed;
            return new AccuracySeries(
                !many || place == 0 || place == layers.Length - 1 || place == layers.Length / 2 ? string.Create(CultureInfo.InvariantCulture, $"layer {layer}") : "",
                [.. rates.Select(rate => rate.IsZero ? start : points.TryGetValue((layer, rate), out var value) ? (Proportion?)value : null)])
            {
                Depth = many ? (double)place / (layers.Length - 1) : null,
            };
        }
    }
}
