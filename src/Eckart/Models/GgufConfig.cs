using System.Globalization;
using System.Text.Json.Nodes;
using Eckart.Formats;
using Eckart.Formats.Gguf;
using Eckart.Formats.HuggingFace;

namespace Eckart.Models;

/// <summary>A GGUF file's metadata as the <c>config.json</c> that the same model would have.</summary>
internal static class GgufConfig
{
    private const string Remedy = "take the model's Hugging Face folder";

    // Keys that change the maths unless they hold what they stand for by themselves.
    private static readonly (string Name, double Value)[] Harmless =
    [
        ("attention.sliding_window", 0), ("rope.scaling.attn_factor", 1), ("rope.scaling.yarn_ext_factor", 1), ("rope.scaling.yarn_attn_factor", 1), ("rope.scaling.yarn_log_multiplier", 0),
    ];

    private static readonly (string Name, string Target)[] ScalingKeys =
        [("original_context_length", "original_max_position_embeddings"), ("yarn_beta_fast", "beta_fast"), ("yarn_beta_slow", "beta_slow")];

    /// <summary>The configuration, and how the file spells tensors.</summary>
    /// <exception cref="InputException">Another architecture, or a rotary scaling that only the file's own tensor states.</exception>
    public static (ConfigJson Config, GgufDialect Dialect) Read(GgufFile file)
    {
        var metadata = file.Metadata;
        var architecture = metadata.String("general.architecture");
        var family = FamilyTable.All.FirstOrDefault(family => family.Gguf?.Architecture == architecture)
            ?? throw new InputException($"{file.Path}: key 'general.architecture'", $"expected one of {string.Join(", ", FamilyTable.All.Select(known => known.Gguf?.Architecture).OfType<string>())}, found {Excerpt.Of(architecture)}", "take a model of one of these, or its Hugging Face folder");
        RefuseWhatTheCodeCannotDo(file, architecture);
        RefuseParts(file);

        var dialect = family.Gguf!;
        var config = new JsonObject { ["model_type"] = family.ModelType };
        foreach (var (key, value) in dialect.Implied) config[key] = value;
        foreach (var (key, target) in dialect.Keys)
            if (!dialect.Optional.Contains(key) || metadata.Contains($"{architecture}.{key}")) config[target] = Value(metadata, $"{architecture}.{key}");
        config["vocab_size"] = file.Tensors.TryGetValue(dialect.Names[Part.Embedding] + ".weight", out var embedding) && embedding.Shape.Length == 2 ? embedding.Shape[0] : 0;
        config["tie_word_embeddings"] = !file.Tensors.ContainsKey(dialect.Names[Part.Head] + ".weight");
        var (rule, scaling) = (GgufRotaryDivisors.Rule(file), Scaling(metadata, architecture));
        if (rule is not null && scaling is not null)
            throw new InputException($"{file.Path}: key '{architecture}.rope.scaling.type'", "expected none beside divisors of the rotary frequencies, found one", Remedy);
        if ((rule ?? scaling) is { } stretched) config["rope_scaling"] = stretched;
        metadata.Contains($"{architecture}.rope.scaling.finetuned");       // says how the model was trained, and is asked for so that it counts as known
        metadata.Contains(RotatedDimensions(architecture));
        RefuseUnknownRotation(file, architecture);
        return (ConfigJson.FromJson(config, file.Path), dialect);
    }

    /// <summary>The file says how many dimensions of a head are rotated, and may hold a divisor for each pair; the families that it can hold rotate them all.</summary>
    /// <exception cref="InputException">Fewer or more are.</exception>
    public static void RefusePartialRotation(GgufFile file, ModelSpec spec)
    {
        var key = RotatedDimensions(spec.Family.Gguf!.Architecture);
        if (file.Metadata.Contains(key) && file.Metadata.Integer(key) is var size && size != spec.Rotary.Size)
            throw new InputException($"{file.Path}: key '{key}'", $"expected {spec.Rotary.Size}, the size of a head, found {size}", "the code cannot rotate a part of each head here; take another model");
        GgufRotaryDivisors.RefuseOtherThan(file, spec.Rotary.Size / 2);
    }

    private static string RotatedDimensions(string architecture) => $"{architecture}.rope.dimension_count";

    private static void RefuseParts(GgufFile file)
    {
        const string Count = "split.count";
        if (file.Metadata.Contains(Count) && file.Metadata.Integer(Count) is > 1 and var parts)
            throw new InputException($"{file.Path}: key '{Count}'", $"expected a whole model in one file, found one of {parts} parts", "join them first: llama-gguf-split --merge FIRST-PART WHOLE.gguf");
    }

    // Single-precision values are written as decimals of that precision: 1e-5f must not become 9.99999974737875e-06.
    private static JsonNode Value(GgufMetadata metadata, string key) => metadata.Type(key) is GgufValueType.Float32
        ? double.Parse(((float)metadata.Float(key)).ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
        : metadata.Type(key) is GgufValueType.Float64 ? metadata.Float(key) : metadata.Integer(key);

    private static void RefuseWhatTheCodeCannotDo(GgufFile file, string architecture)
    {
        foreach (var (name, harmless) in Harmless)
        {
            var key = $"{architecture}.{name}";
            if (file.Metadata.Contains(key) && Number(file.Metadata, key) is var found && found != harmless)
                throw new InputException($"{file.Path}: key '{key}'", string.Create(CultureInfo.InvariantCulture, $"expected {harmless} or no such key, found {found}"), Remedy);
        }
    }

    // A key of the rotation that nobody knows would change every score without a word.
    private static void RefuseUnknownRotation(GgufFile file, string architecture)
    {
        if (file.Metadata.Unread($"{architecture}.rope.") is [var key, ..])
            throw new InputException($"{file.Path}: key {Excerpt.Of(key)}", "expected a key of the rotary embedding that is known here, found another", Remedy);
    }

    // Older files have the factor under another key; one without a kind is linear.
    private static JsonObject? Scaling(GgufMetadata metadata, string architecture)
    {
        var (typeKey, older) = ($"{architecture}.rope.scaling.type", $"{architecture}.rope.scale_linear");
        JsonNode? factor = null;
        foreach (var key in new[] { older, $"{architecture}.rope.scaling.factor" })
            if (metadata.Contains(key) && Number(metadata, key) != 0) factor = Value(metadata, key);
        var type = metadata.Contains(typeKey) ? metadata.String(typeKey) : factor is null ? "none" : "linear";
        var scaling = new JsonObject { ["rope_type"] = type, ["factor"] = factor };
        foreach (var (name, target) in ScalingKeys)
            if (metadata.Contains($"{architecture}.rope.scaling.{name}")) scaling[target] = Value(metadata, $"{architecture}.rope.scaling.{name}");
        return type == "none" ? null : scaling;
    }

    private static double Number(GgufMetadata metadata, string key) => metadata.Type(key) is GgufValueType.Float32 or GgufValueType.Float64 ? metadata.Float(key) : metadata.Integer(key);
}
