using System.Collections.Immutable;
using Eckart.Formats;
using Eckart.Formats.HuggingFace;

namespace Eckart.Models;

/// <summary>Reads a <see cref="ModelSpec"/> from a configuration by the family table, in today's dialect (<c>rope_parameters</c>) and the older one (<c>rope_scaling</c>).</summary>
internal static class ModelSpecReader
{
    private const string LayerTypes = "layer_types";
    private const string FullAttention = "full_attention";
    private const string SlidingAttention = "sliding_attention";
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
        var layers = config.Integer(keys.Layers, 1, int.MaxValue);

        return new ModelSpec
        {
            Family = family,
            Layers = layers,
            Hidden = hidden,
            Heads = heads,
            KeyValueHeads = keyValueHeads,
            HeadSize = headSize,
            MlpSize = MlpSize(config, keys, hidden),
            Vocabulary = config.Integer("vocab_size", 1, int.MaxValue),
            MaxPositions = config.Integer(keys.MaxPositions, 1, int.MaxValue),
            NormEpsilon = config.Number(keys.NormEpsilon, 0),
            Residual = Residual(config, family),
            Rotary = RotarySpecReader.Read(config, family, headSize),
            Window = Window(config, keys, layers),
            Activation = Activation(config, keys),
            Biases = Biases(config, family),
            TiedHead = config.OptionalBoolean("tie_word_embeddings") ?? family.TiesHead,
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
                throw config.Refuse(key, $"expected {(value ? "true, found false" : "false, found true")}", $"the code cannot do another value for {family.Title}; take another model");
    }

    private static int? Optional(ConfigJson config, string? key) => key is null ? null : config.OptionalInteger(key, 1, int.MaxValue);

    private static int HeadSize(ConfigJson config, ConfigKeys keys, int hidden, int heads)
    {
        if ((Optional(config, keys.HeadSize) ?? keys.HeadSizeDefault) is { } size) return size;
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
        if (family.Keys.AttentionBias is { } attention && config.OptionalBoolean(attention) is { } attends) biases = attends ? biases.Union(AttentionProjections) : biases.Except(AttentionProjections);
        if (family.Keys.MlpBias is { } mlp && config.OptionalBoolean(mlp) is { } has) biases = has ? biases.Union(MlpProjections.Where(family.Names.ContainsKey)) : biases.Except(MlpProjections);
        return biases;
    }

    // Today's dialect says it layer by layer; the older one, from which layer on.
    private static SlidingWindow? Window(ConfigJson config, ConfigKeys keys, int layers)
    {
        var types = config.OptionalTexts(LayerTypes);
        if (types is { Length: var count } && count != layers)
            throw config.Refuse(LayerTypes, $"expected one for each of {layers} layers, found {count}", "take the config.json that belongs to the weights");
        foreach (var type in types ?? [])
            if (type != FullAttention && (type != SlidingAttention || keys.Window is null))
                throw config.Refuse(LayerTypes, $"expected {FullAttention}{(keys.Window is null ? "" : $" or {SlidingAttention}")}, found {Excerpt.Of(type)}", "the code cannot do another; take another model");
        ImmutableArray<bool> sliding = [.. (types ?? []).Select(type => type == SlidingAttention)];
        if (WindowSize(config, keys) is not { } size)
            return !sliding.Contains(true) ? null : throw config.Refuse(LayerTypes, $"expected {FullAttention} where no window is in use, found {SlidingAttention}", "take the config.json that belongs to the weights");
        var first = keys.FirstWindowLayer is null ? 0 : config.OptionalInteger(keys.FirstWindowLayer, 0, int.MaxValue) ?? keys.FirstWindowLayerDefault;
        var any = types is null ? first < layers : sliding.Contains(true);
        return any ? new SlidingWindow(size, first, sliding) : null;
    }

    private static int? WindowSize(ConfigJson config, ConfigKeys keys)
    {
        var window = keys.Window is null || config.IsNull(keys.Window) ? null : Optional(config, keys.Window) ?? keys.WindowDefault;
        return keys.UsesWindow is null || config.OptionalBoolean(keys.UsesWindow) == true ? window : null;
    }

    private static ResidualLayout Residual(ConfigJson config, Family family) =>
        family.Keys.ParallelResidual is { } key && config.OptionalBoolean(key) is { } parallel ? parallel ? ResidualLayout.Parallel : ResidualLayout.Sequential : family.Residual;
}
