using System.Text.Json;
using System.Text.Json.Nodes;

namespace Eckart.Formats.HuggingFace;

/// <summary>The <c>weight_map</c> of an index of shards; a shard's name is taken only if it is a file of the index's own folder.</summary>
internal sealed class ShardIndex
{
    private const string Remedy = "download the checkpoint again, with model.safetensors.index.json as it was saved";

    private ShardIndex(string path, OrderedDictionary<string, string> weightMap)
    {
        Path = path;
        // A link's target is worked out from the text of its path, so that the folder must not be a link itself.
        var folder = Directory.GetParent(System.IO.Path.GetFullPath(path))!;
        Folder = Target(folder) ?? folder.FullName;
        WeightMap = weightMap;
        Shards = [.. weightMap.Values.Distinct(StringComparer.Ordinal)];
    }

    public string Path { get; }

    public string Folder { get; }

    public IReadOnlyDictionary<string, string> WeightMap { get; }

    public IReadOnlyList<string> Shards { get; }

    public static ShardIndex Load(string path)
    {
        if (JsonObjectFile.Read(path)["weight_map"] is not JsonObject { Count: > 0 } map)
            throw new InputException(path, "expected an object 'weight_map' from tensors to files, found none or an empty one", Remedy);

        var weightMap = new OrderedDictionary<string, string>(map.Count);
        foreach (var (name, shard) in map)
        {
            weightMap.Add(name, shard?.GetValueKind() == JsonValueKind.String
                ? shard.GetValue<string>()
                : throw new InputException($"{path}: tensor {Excerpt.Of(name)}", "expected the name of a file, found another kind of value", Remedy));
        }

        return new ShardIndex(path, weightMap);
    }

    /// <summary>The shard's path, once it is known to exist and to lie in the folder.</summary>
    public string Locate(string shard)
    {
        if (shard is "" or "." or ".." || shard.AsSpan().IndexOfAny("/\\:\0") >= 0)
            throw new InputException(Path, $"expected files of the index's own folder, found {Excerpt.Of(shard)}", Remedy);

        var file = new FileInfo(System.IO.Path.Combine(Folder, shard));
        if (!file.Exists)
            throw new InputException(Path, $"expected a file {Excerpt.Of(shard)} beside it, found none", "download the missing shard");
        if (Target(file) is not { } target) return file.FullName;
        if (!IsOwn(Folder, target))
            throw new InputException(Path, $"expected files of the index's own folder, found {Excerpt.Of(shard)}, which is a link to {target}", "put the file itself there");
        if (!File.Exists(target))
            throw new InputException(Path, $"expected a file {Excerpt.Of(shard)} beside it, found a link to {target}, which does not exist", "download the missing shard");
        return file.FullName;
    }

    // Null where it is no link.
    private string? Target(FileSystemInfo entry)
    {
        try
        {
            return entry.ResolveLinkTarget(returnFinalTarget: true)?.FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(Path, $"expected a file or a link to one, found {Excerpt.Of(entry.FullName)}, a link that cannot be followed: {e.Message}", "put the file itself there", e);
        }
    }

    /// <summary>Whether what a link leads to is a file of the folder, or of the store that the folder is a view of: in the cache of the Hugging Face hub
    /// a checkpoint is a folder of links, <c>models--x/snapshots/REVISION/FILE -> ../../blobs/HASH</c>.</summary>
    public static bool IsOwn(string folder, string target)
    {
        var home = System.IO.Path.GetDirectoryName(target);
        return home == folder
            || (Directory.GetParent(folder) is { Name: "snapshots", Parent: { } repository } && home == System.IO.Path.Combine(repository.FullName, "blobs"));
    }
}
