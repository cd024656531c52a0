using System.Collections.Immutable;
using Eckart.Reporting;
using Eckart.Theory.Tracing;

namespace Eckart.Cli;

/// <summary>The figures of <c>theory trace</c>.</summary>
/// <param name="title">What was looked at.</param>
/// <param name="traces">Of the unedited model, then of each intervention.</param>
internal sealed class TraceFigures(string title, ImmutableArray<ModelTrace> traces)
{
    /// <summary>Writes <c>updates</c>, <c>gradients</c>, <c>shares</c> and <c>errors</c>, each as PNG and SVG.</summary>
    /// <param name="folder">Exists.</param>
    public void Save(string folder)
    {
        Each("‖ΔW‖ of a layer, Frobenius", layer => layer.UpdateNorm).Save(folder, "updates");
        Each("‖G‖ of a layer, Frobenius", layer => layer.GradientNorm).Save(folder, "gradients");
        Unedited("share at the query, unedited", false, ("attention on demonstrations", layer => layer.Attention), ("their part of the output", layer => layer.OutputShare)).Save(folder, "shares");
        Unedited("error over what is true, unedited", true, ("linear form", layer => layer.LinearError), ("MLPs left out", layer => layer.MlpError), ("(I + W)h⁰", layer => layer.ChainError)).Save(folder, "errors");
    }

    private LayerFigure Each(string label, Func<LayerTrace, double> value) =>
        new(title, label, [.. traces.Select(trace => new LayerSeries(trace.Intervention.IsNone ? "unedited" : trace.Intervention.ToString(), [.. trace.Layers.Select(value)]))], Logarithmic: true);

    private LayerFigure Unedited(string label, bool logarithmic, params (string Name, Func<LayerTrace, double> Value)[] lines) =>
        new(title, label, [.. lines.Select(line => new LayerSeries(line.Name, [.. traces[0].Layers.Select(line.Value)]))], logarithmic);
}
