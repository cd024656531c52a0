using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Statistics;

namespace Eckart.Export;

/// <summary>The card of an exported model, in Markdown with the front matter that model hubs read: what was done, what it is worth, and how to do it again.</summary>
/// <param name="source">The model it was made from.</param>
/// <param name="settings">What was done.</param>
/// <param name="matrices">The edited ones.</param>
/// <param name="layers">Those that are left.</param>
/// <param name="notes">Sentences about the files.</param>
/// <param name="sourceCard">Lines of the source's own card: its licence is kept.</param>
internal sealed class ModelCard(Checkpoint source, DenseExportSettings settings, IReadOnlyList<EditedMatrix> matrices, LayerNumbers layers, IReadOnlyList<string> notes, IReadOnlyList<string> sourceCard)
{
    private const string Fence = "---";
    private static readonly JsonSerializerOptions Quoted = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string Version = typeof(ModelCard).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private readonly StringBuilder text = new();

    /// <summary>The whole card.</summary>
    public override string ToString()
    {
        text.Clear();
        FrontMatter();
        Done();
        Worth();
        Line("## How to make it again").Line().Line("```sh").Line(settings.Command).Line("```");
        if (notes.Count > 0) Line().Line(string.Join(' ', notes));
        return text.ToString();
    }

    private void FrontMatter()
    {
        Line(Fence).Line($"base_model: {JsonSerializer.Serialize(source.Name, Quoted)}").Line("library_name: transformers").Line("pipeline_tag: text-generation");
        if (sourceCard is [Fence, ..])
            foreach (var line in sourceCard.Skip(1).TakeWhile(line => line != Fence).Where(line => line.StartsWith("license", StringComparison.Ordinal))) Line(line);
        Line("tags:").Line("- eckart").Line("- svd-truncation").Line(Fence).Line();
    }

    private void Done()
    {
        Line($"# {source.Name}, {settings.Intervention}").Line();
        Line($"Made from {source.Name} by Eckart {Version}, without training. {(settings.Intervention.IsNone ? "No weight was changed." : "What is listed here was changed, and nothing else.")}").Line();
        if (!layers.Unchanged) Line($"{Dropped()} left out, counted from 0; those behind move up, and {layers.Count} of {source.Spec.Layers} layers are left.").Line();
        if (matrices.Count == 0) return;
        Line($"The singular value decomposition of these matrices was truncated ({(settings.Svd == SvdKind.Exact ? "exact: the best approximation of its rank" : Text($"the seeded randomised approximation of the paper's published code, seed {settings.Seed}"))}), the product taken in float32 and rounded once to the stored type. Energy is the share of the squared Frobenius norm that is kept.").Line();
        Line("| matrix | tensor of the source | shape | rank kept | of | energy kept |").Line("|---|---|---|---|---|---|");
        foreach (var (site, tensor, shape, rank, energy) in matrices)
            Line(Text($"| {site} | `{tensor}` | {shape[0]} × {shape[1]} | {rank} | {Math.Min(shape[0], shape[1])} | {energy:0.0000} |"));
        Line();
    }

    private string Dropped()
    {
        int[] dropped = [.. settings.Intervention.Edits.OfType<LayerDrop>().Select(drop => drop.Layer)];
        return dropped is [var one] ? Text($"Layer {one} is") : $"Layers {string.Join(", ", dropped)} are";
    }

    private void Worth()
    {
        Line("## What it is worth").Line();
        if (settings.Evidence is not { } test)
        {
            Line("No test came with this export. `eckart evaluate --model .` makes one; `eckart export --run DIR` puts that of a search here.").Line();
            return;
        }

        Line(Text($"Chosen among {test.Tried} interventions on validation items of `{test.Key.Task}` ({test.Key.Protocol} protocol, {test.Key.Shots} demonstrations, seed {test.Key.Seed}, {test.Key.Dtype}), then tested once, on {test.N} other items:")).Line();
        Line(Text($"| test | right | accuracy | {100 * (1 - test.Alpha):0.#}% interval |")).Line("|---|---|---|---|");
        Line(Text($"| always the most frequent answer | | {test.Majority:0.0000} | |"));
        Row("the source as it is", test.Before, test.Alpha);
        Row("the source, a bias a label fitted", test.Bias, test.Alpha);
        Row("the source, an affine map a label fitted", test.Affine, test.Alpha);
        Row($"`{test.Intervention}`", test.After, test.Alpha);
        Line().Line(Text($"**{test.Verdict}**: gained {test.Gained}, lost {test.Lost} of {test.N} (exact McNemar p = {PValueText.Of(test.PValue)}); beyond the better of the two controls [{test.BeyondControl.Low:+0.000;-0.000;0.000}, {test.BeyondControl.High:+0.000;-0.000;0.000}]. Such prompts of this task are all that it was tested on.")).Line();
    }

    private void Row(string what, Proportion right, double alpha)
    {
        var interval = right.WilsonInterval(alpha);
        Line(Text($"| {what} | {right.Correct}/{right.N} | {right.Value:0.0000} | {interval.Low:0.000} to {interval.High:0.000} |"));
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private ModelCard Line(string line = "")
    {
        text.Append(line).Append('\n');
        return this;
    }
}
