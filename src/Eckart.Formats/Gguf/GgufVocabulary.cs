using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Eckart.Formats.Gguf;

/// <summary>The tokens of a GGUF file and the special ones among them.</summary>
internal sealed class GgufVocabulary
{
    public const string TypesKey = "tokenizer.ggml.token_type";
    private const string TokensKey = "tokenizer.ggml.tokens";

    // tokenizer.ggml.token_type
    private const long Normal = 1;
    private const long UnknownToken = 2;
    private const long Control = 3;
    private const long UserDefinedToken = 4;

    private readonly GgufMetadata metadata;
    private readonly ImmutableArray<string> tokens;
    private readonly long[] types;

    private GgufVocabulary(GgufMetadata metadata)
    {
        this.metadata = metadata;
        tokens = metadata.Strings(TokensKey);
        types = metadata.Contains(TypesKey) ? [.. metadata.Integers(TypesKey)] : TypesOfSpecialIds();
        RefuseRepetitions();
    }

    /// <summary>The text of the token for what is not in the vocabulary, if there is one.</summary>
    public string? Unknown => (SpecialId("unknown") ?? Index(UnknownToken)) is { } id ? tokens[id] : null;

    public IEnumerable<string> UserDefined => tokens.Where((_, id) => types[id] == UserDefinedToken);

    public static GgufVocabulary Read(GgufMetadata metadata) => new(metadata);

    /// <summary>The value of <c>model.vocab</c>.</summary>
    public JsonObject ToJson() => new(tokens.Select((text, id) => KeyValuePair.Create<string, JsonNode?>(text, id)));

    /// <summary>The tokens that merging may produce, with their scores.</summary>
    public IEnumerable<(string Text, float Score)> Mergeable(ImmutableArray<float> scores) =>
        tokens.Select((text, id) => (text, scores[id])).Where((_, id) => types[id] == Normal);

    /// <summary>The value of <c>added_tokens</c>: those matched in a text before anything else.</summary>
    public JsonArray AddedTokens() => [.. tokens
        .Select((text, id) => (Text: text, Id: id, Type: types[id]))
        .Where(token => token.Type is UnknownToken or Control or UserDefinedToken)
        .Select(token => new JsonObject
        {
            ["id"] = token.Id,
            ["content"] = token.Text,
            ["single_word"] = false,
            ["lstrip"] = false,
            ["rstrip"] = false,
            ["normalized"] = false,
            ["special"] = token.Type != UserDefinedToken,
        })];

    /// <summary>The value of <c>post_processor</c>: the begin and end tokens, as far as they are added.</summary>
    public JsonObject PostProcessor(bool addsBos)
    {
        var (begin, end) = (Edge("bos", addsBos), Edge("eos", otherwise: false));
        JsonObject Special(int id, int part) => new() { ["SpecialToken"] = new JsonObject { ["id"] = tokens[id], ["type_id"] = part } };
        JsonArray Around(params ReadOnlySpan<string> names)
        {
            var pieces = new JsonArray();
            for (var part = 0; part < names.Length; part++)
            {
                if (begin is { } first) pieces.Add(Special(first, part));
                pieces.Add(new JsonObject { ["Sequence"] = new JsonObject { ["id"] = names[part], ["type_id"] = part } });
                if (end is { } last) pieces.Add(Special(last, part));
            }

            return pieces;
        }

        var specials = new JsonObject();
        foreach (var id in new[] { begin, end }.OfType<int>().Distinct())
            specials[tokens[id]] = new JsonObject { ["id"] = tokens[id], ["ids"] = new JsonArray(id), ["tokens"] = new JsonArray(tokens[id]) };
        return new JsonObject { ["type"] = "TemplateProcessing", ["single"] = Around("A"), ["pair"] = Around("A", "B"), ["special_tokens"] = specials };
    }

    private int? Edge(string name, bool otherwise)
    {
        var key = $"tokenizer.ggml.add_{name}_token";
        if (!(metadata.Contains(key) ? metadata.Boolean(key) : otherwise)) return null;
        return SpecialId(name) ?? throw metadata.Refusal($"tokenizer.ggml.{name}_token_id", $"expected it, because the {name} token is to be added, found no such key");
    }

    private int? SpecialId(string name)
    {
        var key = $"tokenizer.ggml.{name}_token_id";
        if (!metadata.Contains(key)) return null;
        var id = metadata.Integer(key);
        return id >= 0 && id < tokens.Length ? (int)id : throw metadata.Refusal(key, $"expected an id below {tokens.Length}, found {id}");
    }

    private int? Index(long type) => Array.IndexOf(types, type) is var id and >= 0 ? id : null;

    // Files without types: only the ids that are named can be told from normal tokens.
    private long[] TypesOfSpecialIds()
    {
        var types = new long[tokens.Length];
        Array.Fill(types, Normal);
        foreach (var name in new[] { "bos", "eos" })
            if (SpecialId(name) is { } id) types[id] = Control;
        if (SpecialId("unknown") is { } unknown) types[unknown] = UnknownToken;
        return types;
    }

    private void RefuseRepetitions()
    {
        var seen = new Dictionary<string, int>(tokens.Length, StringComparer.Ordinal);
        for (var id = 0; id < tokens.Length; id++)
        {
            if (!seen.TryAdd(tokens[id], id))
                throw metadata.Refusal(TokensKey, $"expected each token once, found {Excerpt.Of(tokens[id])} as {seen[tokens[id]]} and as {id}");
        }
    }
}
