using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Eckart.Formats.HuggingFace;

/// <summary>A checked view of <c>config.json</c>: a value has the kind and range that its reader asks for, or is refused by its key.</summary>
/// <remarks>Source: the keys are those of transformers' configuration classes. A key whose value is null counts as absent, as it does there.
/// Keys that nobody asks for do no harm and are listed by <see cref="UnreadKeys"/>.</remarks>
public sealed class ConfigJson
{
    private const long LongestFile = 1 << 20;
    private const string Remedy = "correct it, or take the config.json that was saved with the weights";

    private readonly JsonObject json;
    private readonly string file;
    private readonly string path;
    private readonly HashSet<string> read = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ConfigJson> sections = new(StringComparer.Ordinal);

    private ConfigJson(JsonObject json, string file, string path) => (this.json, this.file, this.path) = (json, file, path);

    /// <summary>Keys that hold a value and were not asked for, those of sections as <c>section.key</c>; in the file's order.</summary>
    public IReadOnlyList<string> UnreadKeys =>
    [
        .. json.Where(pair => pair.Value is not null).SelectMany(pair =>
            sections.TryGetValue(pair.Key, out var section) ? section.UnreadKeys
            : read.Contains(pair.Key) ? [] : [path + pair.Key]),
    ];

    /// <summary>Reads a file.</summary>
    /// <param name="path">The <c>config.json</c>.</param>
    /// <exception cref="InputException">The file cannot be read, is beyond 1 MiB, is not one JSON object in UTF-8, nests deeper than 64, or has a key twice.</exception>
    public static ConfigJson Load(string path) => new(JsonObjectFile.Read(path, LongestFile), path, "");

    /// <summary>Wraps an object made elsewhere, e.g. from the metadata of a GGUF file.</summary>
    /// <param name="json">The object; read, never changed.</param>
    /// <param name="where">The file that it came from, as messages name it.</param>
    public static ConfigJson FromJson(JsonObject json, string where) => new(json, where, "");

    /// <summary>A whole number that must be there.</summary>
    /// <param name="key">The key.</param>
    /// <param name="min">The smallest value that makes sense.</param>
    /// <param name="max">The largest one.</param>
    /// <exception cref="InputException">Absent, not a whole number, or out of range.</exception>
    public int Integer(string key, int min, int max) => OptionalInteger(key, min, max) ?? throw Absent(key, $"a whole number from {min} to {max}");

    /// <summary>A whole number, or null where the key is absent.</summary>
    /// <param name="key">The key.</param>
    /// <param name="min">The smallest value that makes sense.</param>
    /// <param name="max">The largest one.</param>
    /// <exception cref="InputException">Not a whole number, or out of range.</exception>
    public int? OptionalInteger(string key, int min, int max) => Find(key) is not { } value ? null
        : int.TryParse(NumberText(value), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number
        : throw Unlike(key, $"a whole number from {min} to {max}", value);

    /// <summary>A finite number that must be there.</summary>
    /// <param name="key">The key.</param>
    /// <param name="min">The smallest value that makes sense.</param>
    /// <exception cref="InputException">Absent, not a finite number, or below <paramref name="min"/>.</exception>
    public double Number(string key, double min) => OptionalNumber(key, min) ?? throw Absent(key, AtLeast(min));

    /// <summary>A finite number, or null where the key is absent.</summary>
    /// <param name="key">The key.</param>
    /// <param name="min">The smallest value that makes sense.</param>
    /// <exception cref="InputException">Not a finite number, or below <paramref name="min"/>.</exception>
    public double? OptionalNumber(string key, double min) => Find(key) is not { } value ? null
        : double.TryParse(NumberText(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && number >= min ? number
        : throw Unlike(key, AtLeast(min), value);

    /// <summary>True or false, or null where the key is absent.</summary>
    /// <exception cref="InputException">Another kind of value.</exception>
    public bool? OptionalBoolean(string key) => Find(key) is not { } value ? null
        : value.GetValueKind() switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => throw Unlike(key, "true or false", value) };

    /// <summary>A text that must be there.</summary>
    /// <exception cref="InputException">Absent, or another kind of value.</exception>
    public string Text(string key) => OptionalText(key) ?? throw Absent(key, "a text");

    /// <summary>A text, or null where the key is absent.</summary>
    /// <exception cref="InputException">Another kind of value.</exception>
    public string? OptionalText(string key) => Find(key) is not { } value ? null
        : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>()
        : throw Unlike(key, "a text", value);

    /// <summary>Whether the key is there and null; counts as asking for it.</summary>
    public bool IsNull(string key) => Find(key) is null && json.ContainsKey(key);

    /// <summary>A list of texts, or null where the key is absent.</summary>
    /// <exception cref="InputException">Another kind of value.</exception>
    public string[]? OptionalTexts(string key) => Find(key) is not { } value ? null
        : value is JsonArray list && list.All(one => one?.GetValueKind() == JsonValueKind.String) ? [.. list.Select(one => one!.GetValue<string>())]
        : throw Unlike(key, "a list of texts", value);

    /// <summary>An object within the object, e.g. <c>rope_scaling</c>, or null where the key is absent.</summary>
    /// <exception cref="InputException">Another kind of value.</exception>
    public ConfigJson? Section(string key)
    {
        if (Find(key) is not { } value) return null;
        if (value is not JsonObject section) throw Unlike(key, "an object", value);
        return sections.TryGetValue(key, out var known) ? known : sections[key] = new ConfigJson(section, file, $"{path}{key}.");
    }

    /// <summary>The refusal of a key whose value the code cannot do; the caller throws it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="found">What was expected and what was found.</param>
    /// <param name="remedy">What to do about it.</param>
    public InputException Refuse(string key, string found, string remedy) => new($"{file}: key '{path}{key}'", found, remedy);

    private JsonNode? Find(string key)
    {
        read.Add(key);
        return json[key];
    }

    private InputException Absent(string key, string expected) => Refuse(key, $"expected {expected}, found {(json.ContainsKey(key) ? "null" : "no such key")}", Remedy);

    private InputException Unlike(string key, string expected, JsonNode value) => Refuse(key, $"expected {expected}, found {Describe(value)}", Remedy);

    private static string AtLeast(double min) => min == double.Epsilon ? "a finite number above 0" : string.Create(CultureInfo.InvariantCulture, $"a finite number of at least {min}");

    /// <summary>The number as JSON writes it, whatever type holds it; null where it is none (NaN, which JSON cannot write, included).</summary>
    private static string? NumberText(JsonNode value)
    {
        if (value.GetValueKind() != JsonValueKind.Number) return null;
        try
        {
            return value.ToJsonString();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static string Describe(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => $"the text {Excerpt.Of(value.GetValue<string>())}",
        JsonValueKind.Number => NumberText(value) is { } text ? Excerpt.Of(text) : "a number that is not finite",
        _ => value.ToJsonString(),
    };
}
