using System.Text.Json.Nodes;

namespace Eckart.Training.Microworld;

/// <summary>The microworld's <c>tokenizer.json</c>, in Hugging Face's layout.</summary>
public static class MicroworldTokenizer
{
    /// <summary>Makes it: a token a word, <c>:</c> and line ends tokens of their own, spaces dropped. There is no token for unknown words: they are refused.</summary>
    /// <returns>A fresh object, the caller's.</returns>
    public static JsonObject ToJson() => new()
    {
        ["version"] = "1.0",
        ["truncation"] = null,
        ["padding"] = null,
        ["added_tokens"] = new JsonArray(),
        ["normalizer"] = null,
        ["pre_tokenizer"] = Split(@"\n|:|[^\s:]+"),
        ["post_processor"] = null,
        ["decoder"] = Sequence(
            new JsonObject { ["type"] = "WordPiece", ["prefix"] = "##", ["cleanup"] = false },   // a space before each token but the first
            new JsonObject { ["type"] = "Fuse" },
            new JsonObject { ["type"] = "Replace", ["pattern"] = new JsonObject { ["Regex"] = " ?\n ?" }, ["content"] = "\n" }),
        ["model"] = new JsonObject
        {
            ["type"] = "WordLevel",
            ["vocab"] = new JsonObject(MicroworldVocabulary.Tokens.Index().Select(token => KeyValuePair.Create(token.Item, (JsonNode?)token.Index))),
            ["unk_token"] = "<unk>",
        },
    };

    // Inverted: the pattern is what is kept.
    private static JsonObject Split(string pattern) => new()
    {
        ["type"] = "Split",
        ["pattern"] = new JsonObject { ["Regex"] = pattern },
        ["behavior"] = "Removed",
        ["invert"] = true,
    };

    private static JsonObject Sequence(params JsonNode[] decoders) => new() { ["type"] = "Sequence", ["decoders"] = new JsonArray(decoders) };
}
