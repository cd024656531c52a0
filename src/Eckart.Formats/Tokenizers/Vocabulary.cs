using System.Text.Json.Nodes;

namespace Eckart.Formats.Tokenizers;

/// <summary>The tokens of a <c>tokenizer.json</c> by id: those of the model and those added to it.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<int, string> texts = [];
    private readonly string where;

    private Vocabulary(string where) => this.where = where;

    /// <summary>Largest id + 1.</summary>
    public int Size { get; private set; }

    /// <exception cref="InputException">Not in the form of a vocabulary, or an id given to two tokens.</exception>
    public static Vocabulary Read(JsonObject tokenizer, string where)
    {
        var vocabulary = new Vocabulary(where);
        var ids = vocabulary.AddModel(tokenizer["model"] as JsonObject ?? throw vocabulary.Refusal("model", $"expected an object, found {Kind(tokenizer["model"])}"));
        vocabulary.AddAdded(tokenizer["added_tokens"], ids);
        return vocabulary;
    }

    public bool Contains(int id) => texts.ContainsKey(id);

    /// <exception cref="InputException">No token has the id.</exception>
    public string Text(int id) => texts.TryGetValue(id, out var text) ? text
        : throw new InputException(where, $"expected the id of a token (0 to {Size - 1}), found {id}", "give ids of this tokenizer");

    // Unigram lists [token, score] in the order of ids; the other models map tokens to ids.
    private Dictionary<string, int> AddModel(JsonObject model)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        switch (model["vocab"])
        {
            case JsonObject map:
                foreach (var (text, id) in map) ids[text] = Id(id, "model.vocab");
                break;
            case JsonArray list:
                foreach (var pair in list)
                {
                    var text = Text(pair is JsonArray { Count: 2 } ? pair[0] : null, "model.vocab");
                    if (!ids.TryAdd(text, ids.Count)) throw Refusal("model.vocab", $"expected each token once, found {Excerpt.Of(text)} twice");
                }

                break;
            default:
                throw Refusal("model.vocab", $"expected an object or a list, found {Kind(model["vocab"])}");
        }

        foreach (var (text, id) in ids) Add(text, id, "model.vocab");
        return ids;
    }

    // The library gives an added token the id that the model has for its text, else the next free one, and never the one in the file.
    private void AddAdded(JsonNode? added, Dictionary<string, int> ids)
    {
        const string Key = "added_tokens";
        if (added is null) return;
        var (ofModel, largest) = (ids.Count, -1);
        foreach (var token in added as JsonArray ?? throw Refusal(Key, $"expected a list, found {Kind(added)}"))
        {
            if (token is not JsonObject) throw Refusal(Key, $"expected a list of objects, found {Kind(token)} in it");
            var (text, id) = (Text(token["content"], Key), Id(token["id"], Key));
            var known = ids.TryGetValue(text, out var expected);
            if (!known) ids[text] = expected = Math.Max(ofModel, largest + 1);
            if (id != expected) throw Refusal(Key, $"expected the id {expected} for {Excerpt.Of(text)}, which is what the library gives it, found {id}");
            if (!known) Add(text, id, Key);
            largest = Math.Max(largest, id);
        }
    }

    private void Add(string text, int id, string key)
    {
        if (!texts.TryAdd(id, text)) throw Refusal(key, $"expected an id for each token, found {id} for {Excerpt.Of(texts[id])} and for {Excerpt.Of(text)}");
        Size = Math.Max(Size, id + 1);
    }

    private int Id(JsonNode? node, string key) => node is JsonValue value && value.TryGetValue(out int id) && id is >= 0 and < int.MaxValue
        ? id : throw Refusal(key, $"expected an id, found {Excerpt.Of(node?.ToJsonString() ?? "null")}");

    private string Text(JsonNode? node, string key) => node is JsonValue value && value.TryGetValue(out string? text)
        ? text : throw Refusal(key, $"expected the text of a token, found {Kind(node)}");

    private static string Kind(JsonNode? node) => node?.GetValueKind().ToString().ToLowerInvariant() ?? "nothing";

    private InputException Refusal(string key, string found) => new($"{where}: {key}", found, "take the tokenizer.json that belongs to the model");
}
