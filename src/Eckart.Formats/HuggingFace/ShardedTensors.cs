using Eckart.Formats.Safetensors;

namespace Eckart.Formats.HuggingFace;

/// <summary>The tensors of a checkpoint that is cut into several safetensors files, named by <c>model.safetensors.index.json</c>.</summary>
/// <remarks>Source: the index that transformers writes; only its <c>weight_map</c> counts. As there, a tensor that a shard holds and the index
/// does not list is part of the checkpoint. Deviation: a tensor in two shards is refused, there the last one read wins.</remarks>
public sealed class ShardedTensors : ITensorFile
{
    private readonly List<SafetensorsFile> shards = [];
    private readonly OrderedDictionary<string, TensorEntry> tensors = [];
    private readonly Dictionary<string, SafetensorsFile> owners = new(StringComparer.Ordinal);

    private ShardedTensors(string folder) => Path = folder;

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorEntry> Tensors => tensors;

    /// <summary>The files, in the order in which the index first names them.</summary>
    public IReadOnlyList<SafetensorsFile> Shards => shards;

    /// <summary>Opens every file that an index names and checks that each tensor is where the index says, and only there.</summary>
    /// <param name="indexPath">The <c>*.index.json</c>; its shards lie beside it.</param>
    /// <exception cref="InputException">The index or a shard cannot be read or is malformed, or they do not agree.</exception>
    public static ShardedTensors Open(string indexPath)
    {
        var index = ShardIndex.Load(indexPath);
        var opened = new ShardedTensors(index.Folder);
        try
        {
            foreach (var shard in index.Shards) opened.Add(index.Locate(shard));
            opened.Check(index);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void ReadRows(string name, long firstRow, Span<float> destination) => Owner(name).ReadRows(name, firstRow, destination);

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Bytes(string name, long offset, int length) => Owner(name).Bytes(name, offset, length);

    /// <summary>Closes every shard.</summary>
    public void Dispose()
    {
        foreach (var shard in shards) shard.Dispose();
    }

    private void Add(string shardPath)
    {
        var shard = SafetensorsFile.Open(shardPath);
        shards.Add(shard);
        foreach (var (name, tensor) in shard.Tensors)
        {
            if (!owners.TryAdd(name, shard))
                throw new InputException(
                    $"{shardPath}: tensor {Excerpt.Of(name)}",
                    $"expected it in one shard, found it in {owners[name].Path} too",
                    "download the checkpoint again, or remove shards of another one");
            tensors.Add(name, tensor);
        }
    }

    private void Check(ShardIndex index)
    {
        foreach (var (name, shard) in index.WeightMap)
        {
            if (!owners.TryGetValue(name, out var owner) || System.IO.Path.GetFileName(owner.Path) != shard)
                throw new InputException(
                    $"{index.Path}: tensor {Excerpt.Of(name)}",
                    $"expected it in {Excerpt.Of(shard)}, found it {(owner is null ? "nowhere" : $"in {Excerpt.Of(System.IO.Path.GetFileName(owner.Path))}")}",
                    "download the checkpoint again: index and shards are not of one save");
        }
    }

    private SafetensorsFile Owner(string name) => owners.TryGetValue(name, out var owner)
        ? owner
        : throw new InputException(
            Path,
            $"expected a tensor {Excerpt.Of(name)}, found none of that name among {tensors.Count} in {shards.Count} shards",
            "check that the checkpoint is complete and of this family");
}
