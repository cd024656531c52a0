using System.Text;
using System.Text.Encodings.Web;
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
/// <param name="workers">Threads that read a tensor.</param>
internal sealed class GgufFiles(Checkpoint source, GgufFile file, LayerNumbers layers, EditedTensors edited, string type, int workers) : ISourceFiles
{
    private const string License = "general.license";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public int Tensors => Parts().Count();

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
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), Parts().Select(part => Content(part, tensorBegun)), new Dictionary<string, string> { ["format"] = "pt" });
        var config = ModelSpecWriter.Write(source.Spec with { Layers = layers.Count }, type == "BF16" ? "bfloat16" : "float32");
        var ids = HasTokenizer ? GgufSideFiles.Ids(file.Metadata) : [];
        foreach (var (key, id) in ids) config[key] = id?.DeepClone();
        Write(folder, "config.json", config);
        if (!HasTokenizer) return;
        Write(folder, "generation_config.json", ids);
        Write(folder, "tokenizer.json", GgufTokenizer.ToJson(file.Metadata));
        Write(folder, "tokenizer_config.json", GgufSideFiles.TokenizerConfig(file.Metadata, source.Spec.MaxPositions));
    }

    private SafetensorsContent Content((Part Part, int Layer, bool Bias) part, Action tensorBegun)
    {
        var stored = source.Stored(part.Part, part.Layer, part.Bias);
        var name = TensorNames.Full(source.Spec.Family.Names[part.Part], part.Part < Part.AttentionNorm ? 0 : layers.Of(part.Layer)!.Value, part.Bias);
        return new SafetensorsContent(name, type, file.Tensors[stored.Name].Shape, stream =>
        {
            tensorBegun();
            using var scope = torch.NewDisposeScope();
            var values = stored.Read(workers);
            if (edited.Contain(stored.Name)) edited.Edit(stored.Name, values);
            StoredValues.Write(values.contiguous(), type, stream, $"{source.Path}: tensor '{stored.Name}'");
        });
    }

    // Those that the file holds: a tied head is the embedding.
    private IEnumerable<(Part Part, int Layer, bool Bias)> Parts() =>
        from part in source.Spec.Family.Names.Keys.Order()
        from layer in part < Part.AttentionNorm ? [0] : Enumerable.Range(0, source.Spec.Layers).Where(layer => layers.Of(layer) is not null)
        from bias in BiasesOf(part)
        select (part, layer, bias);

    private bool[] BiasesOf(Part part) => (part == Part.Head && source.Spec.TiedHead, source.Spec.Biases.Contains(part)) switch
    {
        (true, true) => [true],
        (true, false) => [],
        (false, true) => [false, true],
        (false, false) => [false],
    };

    private static void Write(string folder, string name, JsonObject json) =>
        AtomicFile.Write(Path.Combine(folder, name), Encoding.UTF8.GetBytes(json.ToJsonString(Indented) + "\n"));
}
