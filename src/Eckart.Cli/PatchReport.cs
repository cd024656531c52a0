using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Eckart.Formats;
using Eckart.Reporting;
using Eckart.Theory.Tracing;
using Spectre.Console;

namespace Eckart.Cli;

/// <summary>Demonstrations as patches of weights, as text, JSON and figures.</summary>
/// <param name="task">What was looked at.</param>
/// <param name="patches">Of the unedited model, then of each intervention.</param>
internal sealed class PatchReport(TracedTask task, ImmutableArray<ModelPatch> patches)
{
    private const int MostSideBySide = 4;       // interventions that a table of 120 columns holds

    private static readonly (string Name, string Title, Func<LayerPatch, double> Value)[] Columns =
    [
        ("norm", "‖ΔW‖", layer => layer.Norm),
        ("relative_norm", "over ‖W‖", layer => layer.RelativeNorm),
        ("input_change", "input", layer => layer.InputChange),
        ("shift_norm", "‖shift‖", layer => layer.ShiftNorm),
        ("unpatched_error", "unpatched", layer => layer.Unpatched),
        ("error", "patched", layer => layer.Error),
        ("largest_error", "largest", layer => layer.LargestError),
        ("together_error", "together", layer => layer.TogetherError),
    ];

    public JsonObject ToJson()
    {
        var document = task.ToJson();
        document["patches"] = new JsonArray([.. patches.Select(Patch)]);
        return document;
    }

    public void Write(TextWriter output)
    {
        output.WriteLine(task.Title);
        output.WriteLine($"{task.Tokens}; the patched model reads the other {(task.Prompt.Ids.Length - task.Prompt.DemonstrationTokens).ToString(CultureInfo.InvariantCulture)}");
        WriteLayers(output, patches[0]);
        output.WriteLine("unpatched, patched, together: distance of the layer's output at the query, without demonstrations, from that with them, over the latter: no layer");
        output.WriteLine("patched, this one alone, all up to this one; largest: the largest difference of one number of it; input: change of what the MLP reads");
        foreach (var patch in patches) output.WriteLine($"{patch.Intervention}: {(patch == patches[0] ? "" : $"‖ΔW‖ {Moved(patch)} layers that changed, ")}largest error of a patched layer {Short(patch.LargestError)}");
        if (patches.Length is > 1 and <= 1 + MostSideBySide) WriteRatios(output);
    }

    public void Save(string folder)
    {
        OptionValues.MakeFolder(folder, TracedTask.Out);
        new LayerFigure(task.Title, "‖ΔW‖ of the MLP's first matrices", [.. patches.Select(patch => new LayerSeries(patch.Intervention.IsNone ? "unedited" : patch.Intervention.ToString(), [.. patch.Layers.Select(layer => layer.Norm)]))], Logarithmic: true).Save(folder, "patches");
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        text.WriteJson(ToJson());
        AtomicFile.Write(Path.Combine(folder, "patch.json"), System.Text.Encoding.UTF8.GetBytes(text.ToString()));
    }

    private JsonNode Patch(ModelPatch patch)
    {
        var node = new JsonObject { ["intervention"] = patch.Intervention.ToString(), ["largest_error"] = JsonOutput.Number(patch.LargestError), ["layers"] = new JsonArray([.. patch.Layers.Select(Layer)]) };
        if (patch == patches[0]) return node;
        var moved = Moved(patch);
        node["against_unedited"] = new JsonObject { ["norms"] = new JsonObject { ["fell"] = moved.Fell, ["rose"] = moved.Rose } };
        return node;
    }

    private static JsonNode Layer(LayerPatch layer)
    {
        var node = new JsonObject { ["layer"] = layer.Layer };
        foreach (var (name, _, value) in Columns) node[name] = JsonOutput.Number(value(layer));
        return node;
    }

    private Movement Moved(ModelPatch patch) => Movement.Of(patches[0].Layers.Zip(patch.Layers, (before, after) => (before.Norm, after.Norm)));

    private static void WriteLayers(TextWriter output, ModelPatch patch)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("layer").RightAligned());
        foreach (var (_, title, _) in Columns) table.AddColumn(new TableColumn(title).RightAligned());
        foreach (var layer in patch.Layers) table.AddRow([Number(layer.Layer), .. Columns.Select(column => Short(column.Value(layer)))]);
        Terminal.Write(output, table);
    }

    private void WriteRatios(TextWriter output)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("layer").RightAligned());
        foreach (var patch in patches.Skip(1)) table.AddColumn(new TableColumn($"‖ΔW‖ {patch.Intervention}").RightAligned());
        foreach (var before in patches[0].Layers.Where(before => patches.Any(patch => patch.Layers[before.Layer].Norm != before.Norm))) table.AddRow([Number(before.Layer), .. patches.Skip(1).Select(patch => TheoryNumbers.Ratio(patch.Layers[before.Layer].Norm, before.Norm))]);
        output.WriteLine("times what it was in the unedited model, which = leaves to the last bit:");
        Terminal.Write(output, table);
    }

    private static string Short(double value) => TheoryNumbers.Short(value);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
