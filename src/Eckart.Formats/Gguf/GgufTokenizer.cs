using System.Text.Json.Nodes;

namespace Eckart.Formats.Gguf;

/// <summary>The tokenizer that a GGUF file carries, as a <c>tokenizer.json</c>.</summary>
/// <remarks>Source: the GGUF specification, "Tokenizer"; llama.cpp for the meaning of <c>tokenizer.ggml.pre</c> and for what holds where
/// <c>add_bos_token</c> or <c>pre</c> is missing; transformers for the form of the result.
/// Deviation: a user-defined token that holds ▁ is refused in a <c>llama</c> vocabulary, because the two differ on what it matches.</remarks>
public static class GgufTokenizer
{
    private const string Model = "tokenizer.ggml.model";
    private const string Pre = "tokenizer.ggml.pre";
    private const string Merges = "tokenizer.ggml.merges";
    private const string Scores = "tokenizer.ggml.scores";
    private const string SpacePrefix = "tokenizer.ggml.add_space_prefix";
    private const string Space = "▁";

    /// <summary>Builds the content of a <c>tokenizer.json</c>.</summary>
    /// <param name="metadata">Of a file with <c>tokenizer.ggml.*</c> keys.</param>
    /// <returns>A fresh object, the caller's.</returns>
    /// <exception cref="InputException">A key missing or malformed, or a kind of tokenizer unknown.</exception>
    public static JsonObject ToJson(GgufMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return metadata.String(Model) switch
        {
            "gpt2" => ByteLevel(metadata),
            "llama" => SentencePiece(metadata),
            var other => throw Unknown(metadata, Model, other, ["gpt2", "llama"]),
        };
    }

    private static JsonObject ByteLevel(GgufMetadata metadata)
    {
        var name = metadata.Contains(Pre) ? metadata.String(Pre) : "default";
        var pre = PreTokenizer.ByName.GetValueOrDefault(name) ?? throw Unknown(metadata, Pre, name, PreTokenizer.ByName.Keys);
        var vocabulary = GgufVocabulary.Read(metadata);
        var merges = new JsonArray();
        foreach (var merge in metadata.Strings(Merges))
        {
            // The first character may be a space itself.
            var cut = merge.Length > 2 ? merge.IndexOf(' ', 1) : -1;
            if (cut < 0) throw metadata.Refusal(Merges, $"expected two tokens with a space between, found {Excerpt.Of(merge)}");
            merges.Add(new JsonArray(merge[..cut], merge[(cut + 1)..]));
        }

        var model = Bpe(unknown: null, fusesUnknown: false, byteFallback: false, pre.IgnoresMerges);
        (model["vocab"], model["merges"]) = (vocabulary.ToJson(), merges);
        var decoder = PreTokenizer.ByteLevel(addPrefixSpace: true, usesPattern: true);
        return Assemble(vocabulary, pre.AddsBos, new Stages(pre.NormalizerJson(), pre.ToJson(), decoder), model);
    }

    private static JsonObject SentencePiece(GgufMetadata metadata)
    {
        var vocabulary = GgufVocabulary.Read(metadata);
        if (vocabulary.UserDefined.FirstOrDefault(text => text.Contains(Space, StringComparison.Ordinal)) is { } spaced)
            throw metadata.Refusal(GgufVocabulary.TypesKey, $"expected user-defined tokens without a space, which no rule covers, found {Excerpt.Of(spaced)}");

        var merges = ScoredMerges.Of(vocabulary.Mergeable(metadata.Floats(Scores)));
        var model = Bpe(vocabulary.Unknown, fusesUnknown: true, byteFallback: true, ignoresMerges: false);
        (model["vocab"], model["merges"]) = (vocabulary.ToJson(), new JsonArray([.. merges.Select(merge => new JsonArray(merge.Left, merge.Right))]));

        var prefixed = !metadata.Contains(SpacePrefix) || metadata.Boolean(SpacePrefix);
        var normalizers = new JsonArray { Replace(" ", Space) };
        var decoders = new JsonArray { Replace(Space, " "), new JsonObject { ["type"] = "ByteFallback" }, new JsonObject { ["type"] = "Fuse" } };
        if (prefixed) normalizers.Insert(0, new JsonObject { ["type"] = "Prepend", ["prepend"] = Space });
        if (prefixed) decoders.Add(new JsonObject { ["type"] = "Strip", ["content"] = " ", ["start"] = 1, ["stop"] = 0 });
        var stages = new Stages(
            Normalizer: new JsonObject { ["type"] = "Sequence", ["normalizers"] = normalizers },
            PreTokenizer: null,
            Decoder: new JsonObject { ["type"] = "Sequence", ["decoders"] = decoders });
        return Assemble(vocabulary, addsBos: true, stages, model);
    }

    private static JsonObject Assemble(GgufVocabulary vocabulary, bool addsBos, Stages stages, JsonObject model) => new()
    {
        ["version"] = "1.0",
        ["truncation"] = null,
        ["padding"] = null,
        ["added_tokens"] = vocabulary.AddedTokens(),
        ["normalizer"] = stages.Normalizer,
        ["pre_tokenizer"] = stages.PreTokenizer,
        ["post_processor"] = vocabulary.PostProcessor(addsBos),
        ["decoder"] = stages.Decoder,
        ["model"] = model,
    };

    private static JsonObject Bpe(string? unknown, bool fusesUnknown, bool byteFallback, bool ignoresMerges) => new()
    {
        ["type"] = "BPE",
        ["dropout"] = null,
        ["unk_token"] = unknown,
        ["continuing_subword_prefix"] = "",
        ["end_of_word_suffix"] = "",
        ["fuse_unk"] = fusesUnknown,
        ["byte_fallback"] = byteFallback,
        ["ignore_merges"] = ignoresMerges,
    };

    private static JsonObject Replace(string from, string to) =>
        new() { ["type"] = "Replace", ["pattern"] = new JsonObject { ["String"] = from }, ["content"] = to };

    private static InputException Unknown(GgufMetadata metadata, string key, string name, IEnumerable<string> known) =>
        new($"{metadata.Path}: key '{key}'", $"expected one of {string.Join(", ", known)}, found {Excerpt.Of(name)}",
            "give the model as a Hugging Face folder with its tokenizer.json");

    private readonly record struct Stages(JsonObject? Normalizer, JsonObject? PreTokenizer, JsonObject Decoder);
}
