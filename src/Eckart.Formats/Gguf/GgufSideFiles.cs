using System.Text.Json.Nodes;

namespace Eckart.Formats.Gguf;

/// <summary>What a GGUF file says of its tokenizer beyond the tokens, as the side files of a checkpoint in Hugging Face layout.</summary>
/// <remarks>Source: the GGUF specification, "Tokenizer"; the keys are those that transformers reads.</remarks>
public static class GgufSideFiles
{
    private const string Prefix = "tokenizer.ggml.";
    private const string Template = "tokenizer.chat_template";
    private static readonly (string Name, string Key)[] Special = [("bos", "bos_token_id"), ("eos", "eos_token_id"), ("unk", "unknown_token_id"), ("pad", "padding_token_id")];

    /// <summary>Whether the file has a tokenizer at all.</summary>
    public static bool HaveTokenizer(GgufMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return metadata.Contains($"{Prefix}model");
    }

    /// <summary>Ids of the tokens that begin, end and fill a text, as <c>config.json</c> and <c>generation_config.json</c> name them; those that the file names.</summary>
    /// <exception cref="InputException">An id that is none of the tokens'.</exception>
    public static JsonObject Ids(GgufMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return new JsonObject(Special.Where(one => one.Name != "unk" && metadata.Contains(Prefix + one.Key)).Select(one => KeyValuePair.Create($"{one.Name}_token_id", (JsonNode?)Id(metadata, one.Key))));
    }

    /// <summary>The content of <c>tokenizer_config.json</c> beside the <c>tokenizer.json</c> that <see cref="GgufTokenizer"/> makes.</summary>
    /// <param name="metadata">Of a file with a tokenizer.</param>
    /// <param name="positions">The model's longest sequence.</param>
    /// <exception cref="InputException">An id that is none of the tokens'.</exception>
    public static JsonObject TokenizerConfig(GgufMetadata metadata, int positions)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        var tokens = metadata.Strings($"{Prefix}tokens");
        var config = new JsonObject { ["tokenizer_class"] = "PreTrainedTokenizerFast", ["model_max_length"] = positions, ["clean_up_tokenization_spaces"] = false };
        foreach (var (name, key) in Special)
            if (metadata.Contains(Prefix + key)) config[$"{name}_token"] = tokens[Id(metadata, key)];
        if (metadata.Contains(Template)) config["chat_template"] = metadata.String(Template);
        return config;
    }

    private static int Id(GgufMetadata metadata, string key)
    {
        var (id, count) = (metadata.Integer(Prefix + key), metadata.CountOf($"{Prefix}tokens", "an array of strings", type => type is GgufValueType.String) ?? 0);
        return id >= 0 && id < count ? (int)id : throw metadata.Refusal(Prefix + key, $"expected an id below {count}, found {id}");
    }
}
