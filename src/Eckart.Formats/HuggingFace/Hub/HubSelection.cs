namespace Eckart.Formats.HuggingFace.Hub;

/// <summary>Which files of a repository are wanted, and of which a snapshot on disk must consist.</summary>
internal static class HubSelection
{
    public const string Config = "config.json";
    public const string Tokenizer = "tokenizer.json";
    private static readonly string[] TokenizerFiles = [Tokenizer, "tokenizer_config.json", "special_tokens_map.json"];
    private static readonly string[] SideFiles = [Config, .. TokenizerFiles, "generation_config.json", "chat_template.jinja"];

    /// <summary>The small files that the repository has of those wanted, in a fixed order.</summary>
    public static IEnumerable<string> Side(HubListing listing, HubContent content) =>
        (content == HubContent.Tokenizer ? TokenizerFiles : SideFiles).Where(listing.Has);

    /// <summary>Refuses a repository that lacks what is wanted, with the reason and the way out.</summary>
    /// <returns>The name of the weights or of their index; null where none are wanted.</returns>
    public static string? Weights(HubListing listing, HubContent content, string where)
    {
        if (content == HubContent.Tokenizer)
            return listing.Has(Tokenizer) ? null : throw new InputException(where, $"expected {Tokenizer} in this repository, found none", "take a model whose tokenizer is saved as tokenizer.json");
        if (Weights(listing.Has) is not { } weights) throw NoWeights(listing, where);
        return listing.Has(Config) ? weights : throw new InputException(where, $"expected {Config} beside {weights}, found none", "take the repository of the whole model");
    }

    /// <summary>The name of the weights or of their index, wherever a name can be looked up; null where there are none.</summary>
    public static string? Weights(Func<string, bool> has) =>
        has(CheckpointFolder.SingleFile) ? CheckpointFolder.SingleFile : has(CheckpointFolder.IndexFile) ? CheckpointFolder.IndexFile : null;

    /// <summary>The shards that an index on disk names, each a file of the repository.</summary>
    public static IReadOnlyList<string> Shards(string indexPath, HubListing listing, string where)
    {
        var shards = ShardIndex.Load(indexPath).Shards;
        return shards.FirstOrDefault(shard => shard.Contains('/', StringComparison.Ordinal) || !listing.Has(shard)) is not { } missing ? shards
            : throw new InputException($"{where}: {CheckpointFolder.IndexFile}", $"expected names of files beside it, found {Excerpt.Of(missing)}, which the repository does not have", "take another revision: this one is incomplete");
    }

    private static InputException NoWeights(HubListing listing, string where)
    {
        var expected = $"expected {CheckpointFolder.SingleFile} or {CheckpointFolder.IndexFile} in this repository";
        if (listing.Names.FirstOrDefault(name => name.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)) is { } gguf)
            return new InputException(where, $"{expected}, found only .gguf files such as {Excerpt.Of(gguf)}", "download the .gguf file that you want, and give its path to --model");
        if (listing.Names.FirstOrDefault(CheckpointFolder.IsPickle) is { } pickle)
            return new InputException(where, $"{expected}, found only a pickle, {Excerpt.Of(pickle)}, and loading a pickle can run any code that it holds", "take a revision or a model that is saved as safetensors, or convert it where you trust it, and give the folder");
        return new InputException(where, $"{expected}, found neither", "give the id of a model whose weights are saved as safetensors");
    }
}
