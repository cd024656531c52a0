using System.Text.Json;
using System.Text.Json.Nodes;
using Eckart.Formats;
using Eckart.Formats.Gguf;
using Eckart.Formats.Safetensors;
using Eckart.Models;
using TorchSharp;

namespace Eckart.Export;

/// <summary>A GGUF file as a folder in Hugging Face layout that transformers reads: dequantised, under the family's names, rows in halves, with the tokenizer that it carries.</summary>
/// <param name="source">Open; still the caller's.</param>
/// <param name="file">Its file.</param>
/// <param name="layers">Those that are left.</param>
/// <param name="edited">Makes the tensors that change.</param>
/// <param name="type">Stored type of all tensors, <c>F32</c> or <c>BF16</c>.</param>
internal sealed class GgufFiles(Checkpoint source, GgufFile file, LayerNumbers layers, EditedTensors edited, string type) : ISourceFiles
{
    private const string License = "general.license";

    public int Tensors => Wholes().Count();

    public IEnumerable<string> Notes =>
    [
        $"The source is a GGUF file with tensors in {string.Join(", ", source.Types)}; here they are {type}, dequantised.",
        .. HasTokenizer ? Array.Empty<string>() : ["The source has no tokenizer, and so has this folder."],
        .. source.UnusedTensors.Count == 0 ? Array.Empty<string>() : [$"Left out, as nothing reads them: {string.Join(", ", source.UnusedTensors)}."],
    ];

    public IEnumerable<string> Card => file.Metadata.Contains(License) && file.Metadata.Type(License) is GgufValueType.String ? ["---", $"license: {JsonSerializer.Serialize(file.Metadata.String(License))}", "---"] : [];

    private bool HasTokenizer => GgufSideFiles.HaveTokenizer(file.Metadata);

    public void Write(string folder, Action tensorBegun)
    {
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), Wholes().Select(whole => Content(whole.Name, whole.Parts, whole.Layer, whole.Bias, tensorBegun)), new Dictionary<string, string> { ["format"] = "pt" });
        var config = ModelSpecWriter.Write(source.Spec with { Layers = layers.Count }, type == "BF16" ? "bfloat16" : "float32");
        var ids = HasTokenizer ? GgufSideFiles.Ids(file.Metadata) : [];
        foreach (var (key, id) in ids) config[key] = id?.DeepClone();
        Write(folder, "config.json", config);
        if (!HasTokenizer) return;
        Write(folder, "generation_config.json", ids);
        Write(folder, "tokenizer.json", GgufTokenizer.ToJson(file.Metadata));
        Write(folder, "tokenizer_config.json", GgufSideFiles.TokenizerConfig(file.Metadata, source.Spec.MaxPositions));
    }

    private SafetensorsContent Content(string name, Part[] parts, int layer, bool bias, Action tensorBegun)
    {
        var layouts = Array.ConvertAll(parts, part => TensorNames.LayoutOf(source.Spec, dialect: null, part, bias));
        return new SafetensorsContent(name, type, [.. layouts[0].StoredShape], stream =>
        {
            tensorBegun();
            using var scope = torch.NewDisposeScope();
            var values = layouts is [{ IsWhole: true }] ? edited.Read(parts[0], layer, bias) : torch.empty(layouts[0].StoredShape, torch.float32);
            if (layouts is not [{ IsWhole: true }])
                foreach (var (part, layout) in parts.Zip(layouts)) PartPlace.Put(layout, values, edited.Read(part, layer, bias));
            StoredValues.Write(values, type, stream, $"{source.Path}: tensor '{name}'");
        });
    }

    // Tensors of the folder, each with the parts that it holds; a tied head is the embedding.
    private IEnumerable<(string Name, Part[] Parts, int Layer, bool Bias)> Wholes() =>
        from together in source.Spec.Family.Names.GroupBy(one => one.Value, one => one.Key).OrderBy(one => one.Min())
        let parts = together.Order().ToArray()
        from layer in parts[0] < Part.AttentionNorm ? [0] : Enumerable.Range(0, source.Spec.Layers).Where(layer => layers.Of(layer) is not null)
        from bias in BiasesOf(parts[0])
        select (TensorNames.Full(together.Key, parts[0] < Part.AttentionNorm ? 0 : layers.Of(layer)!.Value, bias), parts, layer, bias);

    private bool[] BiasesOf(Part part) => (part == Part.Head && source.Spec.TiedHead, source.Spec.Biases.Contains(part)) switch
    {
        (true, true) => [true],
        (true, false) => [],
        (false, true) => [false, true],
        (false, false) => [false],
    };

    private static void Write(string folder, string name, JsonObject json) =>
        IndentedJson.Write(Path.Combine(folder, name), json);
}
