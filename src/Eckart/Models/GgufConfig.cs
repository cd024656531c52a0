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

    /// <summary>The configuration, and how the file spells tensors.</summary>
    /// <exception cref="InputException">Another architecture, or a rotary scaling that only the file's own tensor states.</exception>
    public static (ConfigJson Config, GgufDialect Dialect) Read(GgufFile file)
    {
        var metadata = file.Metadata;
        var architecture = metadata.String("general.architecture");
        var family = FamilyTable.All.FirstOrDefault(family => family.Gguf?.Architecture == architecture)
            ?? throw new InputException($"{file.Path}: key 'general.architecture'", $"expected one of {string.Join(", ", FamilyTable.All.Select(known => known.Gguf?.Architecture).OfType<string>())}, found {Excerpt.Of(architecture)}", "take a model of one of these, or its Hugging Face folder");
        RefuseWhatTheCodeCannotDo(file, architecture);

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
        return (ConfigJson.FromJson(config, file.Path), dialect);
    }

    /// <summary>The file says how many dimensions of a head are rotated; the families that it can hold rotate them all.</summary>
    /// <exception cref="InputException">Fewer are.</exception>
    public static void RefusePartialRotation(GgufFile file, ModelSpec spec)
    {
        var key = $"{spec.Family.Gguf!.Architecture}.rope.dimension_count";
        if (file.Metadata.Contains(key) && file.Metadata.Integer(key) is var size && size != spec.Rotary.Size)
            throw new InputException($"{file.Path}: key '{key}'", $"expected {spec.Rotary.Size}, the size of a head, found {size}", "the code cannot rotate a part of each head here; take another model");
    }

    // Single-precision values are written as decimals of that precision: 1e-5f must not become 9.99999974737875e-06.
    private static JsonNode Value(GgufMetadata metadata, string key) => metadata.Type(key) is GgufValueType.Float32
        ? double.Parse(((float)metadata.Float(key)).ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
        : metadata.Type(key) is GgufValueType.Float64 ? metadata.Float(key) : metadata.Integer(key);

    private static void RefuseWhatTheCodeCannotDo(GgufFile file, string architecture)
    {
        foreach (var (name, harmless) in new[] { ("attention.sliding_window", 0.0), ("rope.scaling.attn_factor", 1.0) })
        {
            var key = $"{architecture}.{name}";
            if (file.Metadata.Contains(key) && (file.Metadata.Type(key) is GgufValueType.Float32 or GgufValueType.Float64 ? file.Metadata.Float(key) : file.Metadata.Integer(key)) is var found && found != harmless)
                throw new InputException($"{file.Path}: key '{key}'", string.Create(CultureInfo.InvariantCulture, $"expected {harmless} or no such key, found {found}"), Remedy);
        }
    }

    private static JsonObject? Scaling(GgufMetadata metadata, string architecture)
    {
        var key = $"{architecture}.rope.scaling.type";
        var type = metadata.Contains(key) ? metadata.String(key) : "none";
        if (type == "none") return null;
        var scaling = new JsonObject { ["rope_type"] = type };
        foreach (var (name, target) in new[] { ("factor", "factor"), ("original_context_length", "original_max_position_embeddings") })
            if (metadata.Contains($"{architecture}.rope.scaling.{name}")) scaling[target] = Value(metadata, $"{architecture}.rope.scaling.{name}");
        return scaling;
    }
}
