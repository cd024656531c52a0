using System.Collections.Immutable;
using System.Globalization;
using Eckart.Formats;
using Eckart.Formats.HuggingFace;

namespace Eckart.Models;

/// <summary>Reads a <see cref="ModelSpec"/> from a configuration by the family table, in today's dialect (<c>rope_parameters</c>) and the older one (<c>rope_scaling</c>).</summary>
internal static class ModelSpecReader
{
    private const double DefaultTheta = 10_000;
    private static readonly Part[] AttentionProjections = [Part.Query, Part.Key, Part.Value, Part.Output];
    private static readonly Part[] MlpProjections = [Part.Gate, Part.Up, Part.Down];

    /// <exception cref="Formats.InputException">A key that is missing, or asks for what the table lacks; the message names it.</exception>
    public static ModelSpec Read(ConfigJson config)
    {
        var family = FamilyOf(config);
        var keys = family.Keys;
        RefuseWhatTheCodeCannotDo(config, family);

        var hidden = config.Integer(keys.Hidden, 1, int.MaxValue);
        var heads = config.Integer(keys.Heads, 1, int.MaxValue);
        var keyValueHeads = Optional(config, keys.KeyValueHeads) ?? heads;
        if (heads % keyValueHeads != 0)
            throw config.Refuse(keys.KeyValueHeads!, $"expected a divisor of {keys.Heads} = {heads}, found {keyValueHeads}", "take the config.json that belongs to the weights");
        var headSize = HeadSize(config, keys, hidden, heads);

        return new ModelSpec
        {
            Family = family,
            Layers = config.Integer(keys.Layers, 1, int.MaxValue),
            Hidden = hidden,
            Heads = heads,
            KeyValueHeads = keyValueHeads,
            HeadSize = headSize,
            MlpSize = MlpSize(config, keys, hidden),
            Vocabulary = config.Integer("vocab_size", 1, int.MaxValue),
            MaxPositions = config.Integer(keys.MaxPositions, 1, int.MaxValue),
            NormEpsilon = config.Number(keys.NormEpsilon, 0),
            Rotary = Rotary(config, family, headSize),
            Activation = Activation(config, keys),
            Biases = Biases(config, family),
            TiedHead = config.OptionalBoolean("tie_word_embeddings") ?? false,
        };
    }

    private static Family FamilyOf(ConfigJson config)
    {
        var type = config.Text("model_type");
        return FamilyTable.All.FirstOrDefault(family => family.ModelType == type)
            ?? throw config.Refuse("model_type", $"expected one of {string.Join(", ", FamilyTable.All.Select(family => family.ModelType))}, found {Excerpt.Of(type)}", "take a model of one of these families");
    }

    private static void RefuseWhatTheCodeCannotDo(ConfigJson config, Family family)
    {
        if (config.Section("quantization_config") is not null)
            throw config.Refuse("quantization_config", "expected weights as they are, found quantised ones", "take the unquantised checkpoint, or a GGUF file");
        foreach (var (key, value) in family.Fixed)
            if (config.OptionalBoolean(key) is { } found && found != value)
                throw config.Refuse(key, $"expected {value}, found {found}", $"the code cannot do another value for {family.Title}; take another model");
    }

    private static int? Optional(ConfigJson config, string? key) => key is null ? null : config.OptionalInteger(key, 1, int.MaxValue);

    private static int HeadSize(ConfigJson config, ConfigKeys keys, int hidden, int heads)
    {
        if (Optional(config, keys.HeadSize) is { } size) return size;
        return hidden % heads == 0 ? hidden / heads
            : throw config.Refuse(keys.Heads, $"expected a divisor of {keys.Hidden} = {hidden}, found {heads}", "take the config.json that belongs to the weights");
    }

    private static int MlpSize(ConfigJson config, ConfigKeys keys, int hidden)
    {
        if (!keys.MlpSizeDefaults) return config.Integer(keys.MlpSize, 1, int.MaxValue);
        if (Optional(config, keys.MlpSize) is { } size) return size;
        return hidden <= int.MaxValue / 4 ? 4 * hidden
            : throw config.Refuse(keys.Hidden, $"expected at most {int.MaxValue / 4}, found {hidden}", "take the config.json that belongs to the weights");
    }

    private static Activation Activation(ConfigJson config, ConfigKeys keys)
    {
        var name = config.Text(keys.Activation);
        return Activations.ByName.TryGetValue(name, out var activation) ? activation
            : throw config.Refuse(keys.Activation, $"expected one of {string.Join(", ", Activations.ByName.Keys)}, found {Excerpt.Of(name)}", "the code cannot do another; take another model");
    }

    private static ImmutableHashSet<Part> Biases(ConfigJson config, Family family)
    {
        var biases = family.Biases;
        if (family.Keys.AttentionBias is { } attention && config.OptionalBoolean(attention) == true) biases = biases.Union(AttentionProjections);
        if (family.Keys.MlpBias is { } mlp && config.OptionalBoolean(mlp) == true) biases = biases.Union(MlpProjections.Where(family.Names.ContainsKey));
        return biases;
    }

    private static RotarySpec Rotary(ConfigJson config, Family family, int headSize)
    {
        var today = config.Section("rope_parameters");
        var theta = today?.OptionalNumber("rope_theta", 1) ?? config.OptionalNumber("rope_theta", 1) ?? DefaultTheta;
        var size = Optional(config, family.Keys.RotarySize) ?? family.Keys.RotarySizeDefault ?? headSize;
        if (size > headSize || size % 2 != 0)
            throw config.Refuse(family.Keys.RotarySize ?? family.Keys.HeadSize ?? family.Keys.Heads, $"expected an even number of rotated dimensions up to the head size {headSize}, found {size}", "take the config.json that belongs to the weights");
        RefusePartialRotation(config);
        return new RotarySpec(size, theta, family.Rotary, Scaling(today ?? config.Section("rope_scaling")));
    }

    // The older dialect has the key at the top, today's beside the other rotary keys.
    private static void RefusePartialRotation(ConfigJson section)
    {
        if (section.OptionalNumber("partial_rotary_factor", 0) is { } part and not 1)
            throw section.Refuse("partial_rotary_factor", $"expected 1, found {part.ToString(CultureInfo.InvariantCulture)}", "the code cannot do another value for this family; take another model");
    }

    private static RotaryScaling? Scaling(ConfigJson? section)
    {
        if (section is null) return null;
        RefusePartialRotation(section);
        var key = section.OptionalText("rope_type") is null ? "type" : "rope_type";
        return (section.OptionalText("rope_type") ?? section.OptionalText("type") ?? "default") switch
        {
            "default" => null,
            "linear" => new RotaryScaling(RotaryScalingKind.Linear, section.Number("factor", double.Epsilon)),
            "llama3" => Llama3(section),
            var other => throw section.Refuse(key, $"expected one of default, linear, llama3, found {Excerpt.Of(other)}", "the code cannot do another; take another model"),
        };
    }

    private static RotaryScaling Llama3(ConfigJson section)
    {
        var (low, high) = (section.Number("low_freq_factor", double.Epsilon), section.Number("high_freq_factor", double.Epsilon));
        if (low >= high)
            throw section.Refuse("high_freq_factor", string.Create(CultureInfo.InvariantCulture, $"expected more than low_freq_factor = {low}, found {high}"), "take the config.json that belongs to the weights");
        return new RotaryScaling(RotaryScalingKind.Llama3, section.Number("factor", double.Epsilon), low, high, section.Integer("original_max_position_embeddings", 1, int.MaxValue));
    }
}
