using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Eckart.Formats;
using Eckart.Theory.Tracing;
using Spectre.Console;

namespace Eckart.Cli;

/// <summary>A model's implicit gradients, as text, JSON and figures.</summary>
/// <param name="task">What was looked at.</param>
/// <param name="form">The linear form of attention.</param>
/// <param name="traces">Of the unedited model, then of each intervention.</param>
internal sealed class TraceReport(TracedTask task, LinearForm form, ImmutableArray<ModelTrace> traces)
{
    private const int MostSideBySide = 3;       // interventions that a table of 120 columns holds

    private static readonly (string Name, string Title, Func<LayerTrace, double> Value)[] Columns =
    [
        ("update_norm", "‖ΔW‖", layer => layer.UpdateNorm),
        ("effective_rank", "rank", layer => layer.EffectiveRank),
        ("gradient_norm", "‖G‖", layer => layer.GradientNorm),
        ("product_norm", "‖I+W‖F", layer => layer.ProductNorm),
        ("product_largest", "‖I+W‖₂", layer => layer.ProductLargest),
        ("attention_on_demonstrations", "attention", layer => layer.Attention),
        ("output_share", "share", layer => layer.OutputShare),
        ("linear_error", "linear", layer => layer.LinearError),
        ("linear_cosine", "cosine", layer => layer.LinearCosine),
        ("mlp_error", "MLPs", layer => layer.MlpError),
        ("chain_error", "chain", layer => layer.ChainError),
    ];

    private string Softmax => form == LinearForm.Paper ? "left out with its scale, the paper's Eq. (3)" : FormattableString.Invariant($"over all T tokens to first order, (1 + s − s̄)/T with T = {task.Prompt.Ids.Length}, scores s over √{task.Session.Model.Spec.HeadSize}");

    public JsonObject ToJson()
    {
        var document = task.ToJson();
        document["form"] = KebabCase.Of(form);
        document["traces"] = new JsonArray([.. traces.Select(Trace)]);
        return document;
    }

    public void Write(TextWriter output)
    {
        output.WriteLine(task.Title);
        output.WriteLine(task.Tokens);
        output.WriteLine($"softmax in the linear form: {Softmax}");
        WriteLayers(output, traces[0]);
        output.WriteLine("attention: softmax on the demonstrations; share: their part of attention's output along it; linear: how far their part in the linear form");
        output.WriteLine("is from the model's, over the model's; MLPs: what they added to the query's residual, over it; chain: how far (I + W)h⁰ is from it, over it");
        foreach (var trace in traces.Skip(1)) WriteComparison(output, trace);
        if (traces.Length is > 1 and <= 1 + MostSideBySide) WriteRatios(output);
    }

    public void Save(string folder)
    {
        OptionValues.MakeFolder(folder, TracedTask.Out);
        new TraceFigures(task.Title, traces).Save(folder);
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        text.WriteJson(ToJson());
        AtomicFile.Write(Path.Combine(folder, "trace.json"), System.Text.Encoding.UTF8.GetBytes(text.ToString()));
    }

    private JsonNode Trace(ModelTrace trace)
    {
        var node = new JsonObject { ["intervention"] = trace.Intervention.ToString(), ["layers"] = new JsonArray([.. trace.Layers.Select(Layer)]) };
        if (trace == traces[0]) return node;
        var comparison = TraceComparison.Of(traces[0], trace);
        node["against_unedited"] = new JsonObject
        {
            ["head_updates"] = Moved(comparison.HeadUpdates),
            ["updates"] = Moved(comparison.Updates),
            ["gradients"] = Moved(comparison.Gradients),
            ["gradient_energy_ratio"] = JsonOutput.Number(comparison.EnergyRatio),
        };
        return node;
    }

    private static JsonNode Layer(LayerTrace layer)
    {
        var node = new JsonObject { ["layer"] = layer.Layer };
        foreach (var (name, _, value) in Columns) node[name] = JsonOutput.Number(value(layer));
        node["heads"] = new JsonArray([.. layer.Heads.Select(Head)]);
        return node;
    }

    private static JsonNode Head(HeadTrace head) => new JsonObject
    {
        ["head"] = head.Head,
        ["update_norm"] = JsonOutput.Number(head.UpdateNorm),
        ["effective_rank"] = JsonOutput.Number(head.EffectiveRank),
        ["attention_on_demonstrations"] = JsonOutput.Number(head.Attention),
        ["output_share"] = JsonOutput.Number(head.OutputShare),
        ["linear_error"] = JsonOutput.Number(head.LinearError),
        ["linear_cosine"] = JsonOutput.Number(head.LinearCosine),
    };

    private static JsonObject Moved(Movement movement) => new() { ["fell"] = movement.Fell, ["rose"] = movement.Rose };

    private static void WriteLayers(TextWriter output, ModelTrace trace)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("layer").RightAligned());
        foreach (var (_, title, _) in Columns) table.AddColumn(new TableColumn(title).RightAligned());
        foreach (var layer in trace.Layers) table.AddRow([Number(layer.Layer), .. Columns.Select(column => Short(column.Value(layer)))]);
        Terminal.Write(output, table);
    }

    private void WriteComparison(TextWriter output, ModelTrace trace)
    {
        var comparison = TraceComparison.Of(traces[0], trace);
        output.WriteLine($"{trace.Intervention}: ‖ΔW‖ {comparison.HeadUpdates} heads and {comparison.Updates} layers that changed, ‖G‖ {comparison.Gradients} layers, Σ‖G‖² is {Short(comparison.EnergyRatio)} times what it was; in the edited layer {string.Join(", ", trace.Intervention.Edits.Select(edit => edit.Layer).Distinct().Select(layer => $"‖ΔW‖ {TheoryNumbers.Ratio(trace.Layers[layer].UpdateNorm, traces[0].Layers[layer].UpdateNorm)}"))}");
    }

    private void WriteRatios(TextWriter output)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("layer").RightAligned());
        foreach (var trace in traces.Skip(1)) table.AddColumn(new TableColumn($"‖ΔW‖ {trace.Intervention}").RightAligned()).AddColumn(new TableColumn("‖G‖").RightAligned());
        foreach (var before in traces[0].Layers.Where(before => traces.Any(trace => trace.Layers[before.Layer].GradientNorm != before.GradientNorm)))
            table.AddRow([Number(before.Layer), .. traces.Skip(1).SelectMany(trace => new[] { TheoryNumbers.Ratio(trace.Layers[before.Layer].UpdateNorm, before.UpdateNorm), TheoryNumbers.Ratio(trace.Layers[before.Layer].GradientNorm, before.GradientNorm) })]);
        output.WriteLine("times what it was in the unedited model, which = leaves to the last bit:");
        Terminal.Write(output, table);
    }

    private static string Short(double value) => TheoryNumbers.Short(value);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
