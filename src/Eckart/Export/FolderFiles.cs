using System.Text.Json.Nodes;
using Eckart.Formats;
using Eckart.Formats.HuggingFace;
using Eckart.Formats.Safetensors;
using Eckart.Models;
using TorchSharp;

namespace Eckart.Export;

/// <summary>The files of a folder in Hugging Face layout: bytes as they are but for edited tensors and, where layers are dropped, names and numbers of layers.</summary>
/// <param name="source">Open; still the caller's.</param>
/// <param name="layers">Those that are left.</param>
/// <param name="edited">Makes the tensors that change.</param>
internal sealed class FolderFiles(Checkpoint source, LayerNumbers layers, EditedTensors edited) : ISourceFiles
{
    private const string Config = "config.json";
    private const string Index = "model.safetensors.index.json";
    private const string OwnCard = "README.md";

    private readonly IReadOnlyList<SafetensorsFile> shards = source.Tensors is ShardedTensors sharded ? sharded.Shards : [(SafetensorsFile)source.Tensors];

    private readonly IReadOnlyList<string> sideFiles = SideFiles.Of(source.Path);

    public int Tensors => source.Tensors.Tensors.Keys.Count(IsKept);

    public IEnumerable<string> Notes => HasCard ? [$"The card of the model that this one was made from is `{SourceCard}`."] : [];

    public IEnumerable<string> Card => HasCard ? File.ReadLines(In(OwnCard)) : [];

    private bool HasCard => sideFiles.Contains(OwnCard);

    // The source may be an export itself.
    private string SourceCard => Enumerable.Range(1, int.MaxValue).Select(number => number == 1 ? "SOURCE_README.md" : $"SOURCE_README.{number}.md").First(name => !sideFiles.Contains(name));

    public void Write(string folder, Action tensorBegun)
    {
        foreach (var shard in shards.Where(shard => shard.Tensors.Keys.Any(IsKept)))
            SafetensorsRewrite.Write(Path.Combine(folder, Path.GetFileName(shard.Path)), shard, layers.NameOf, name =>
            {
                tensorBegun();
                return edited.Contain(name) ? stream => WriteEdited(name, stream) : null;
            });
        if (source.Tensors is ShardedTensors) Rewrite(folder, Index, WithoutDropped);
        Rewrite(folder, Config, layers.Renumber);
        foreach (var name in sideFiles) Copy(In(name), Path.Combine(folder, name == OwnCard ? SourceCard : name));
    }

    private void WriteEdited(string name, Stream stream)
    {
        using var scope = torch.NewDisposeScope();
        StoredValues.Write(edited.Whole(name), source.Tensors.Tensors[name].Type, stream, $"{source.Path}: tensor '{name}'");
    }

    private bool IsKept(string name) => layers.NameOf(name) is not null;

    // Byte for byte where no layer is dropped.
    private void Rewrite(string folder, string name, Action<JsonObject> change)
    {
        if (layers.Unchanged)
        {
            Copy(In(name), Path.Combine(folder, name));
            return;
        }

        var json = (JsonObject)JsonNode.Parse(File.ReadAllBytes(In(name)))!;       // was read before as an object
        change(json);
        IndentedJson.Write(Path.Combine(folder, name), json);
    }

    private void WithoutDropped(JsonObject index)
    {
        var dropped = source.Tensors.Tensors.Values.Where(entry => !IsKept(entry.Name)).ToArray();
        Lower(index["metadata"], "total_size", dropped.Sum(entry => entry.ByteLength));
        Lower(index["metadata"], "total_parameters", dropped.Sum(entry => entry.Count));
        index["weight_map"] = new JsonObject(((JsonObject)index["weight_map"]!).Where(pair => IsKept(pair.Key)).Select(pair => KeyValuePair.Create(layers.NameOf(pair.Key)!, pair.Value?.DeepClone())));
    }

    private static void Lower(JsonNode? metadata, string key, long by)
    {
        if (metadata is JsonObject sizes && sizes[key] is JsonValue value && value.TryGetValue<long>(out var size)) sizes[key] = size - by;
    }

    private string In(string name) => Path.Combine(source.Path, name);

    private static void Copy(string from, string to)
    {
        using var file = File.OpenRead(from);
        AtomicFile.Write(to, file.Length, file.CopyTo);
    }
}
