using System.Text.Json.Nodes;

namespace Eckart.Models;

/// <summary>Writes a <see cref="ModelSpec"/> as the <c>config.json</c> that its family has in transformers: what <see cref="ModelSpecReader"/> reads, and what loading needs beside it.</summary>
internal static class ModelSpecWriter
{
    /// <summary>The configuration.</summary>
    /// <param name="spec">Without a sliding window, and with biases that its family's keys can say.</param>
    /// <param name="type">The stored type as transformers names it, e.g. <c>float16</c>.</param>
    /// <exception cref="ArgumentException">The spec has what its family's keys cannot say.</exception>
    public static JsonObject Write(ModelSpec spec, string type)
    {
        var keys = spec.Family.Keys;
        if (spec.Window is not null) throw new ArgumentException("Expected no sliding window.", nameof(spec));
        var config = new JsonObject
        {
            ["architectures"] = new JsonArray(spec.Family.Architecture),
            ["model_type"] = spec.Family.ModelType,
            ["torch_dtype"] = type,
            ["vocab_size"] = spec.Vocabulary,
            [keys.Hidden] = spec.Hidden,
            [keys.Layers] = spec.Layers,
            [keys.Heads] = spec.Heads,
            [keys.MlpSize] = spec.MlpSize,
            [keys.MaxPositions] = spec.MaxPositions,
            [keys.NormEpsilon] = spec.NormEpsilon,
            [keys.Activation] = Activations.ByName.First(pair => pair.Value == spec.Activation).Key,
            ["tie_word_embeddings"] = spec.TiedHead,
            ["bos_token_id"] = null,
            ["eos_token_id"] = null,
        };
        if (spec.Family.Rotary is not null) config[keys.RotaryBase] = spec.Rotary.Theta;
        if (spec.Rotary.Scaling is { } scaling) config["rope_scaling"] = Scaling(scaling);
        if (keys.KeyValueHeads is { } keyValueHeads) config[keyValueHeads] = spec.KeyValueHeads;
        if (keys.HeadSize is { } headSize) config[headSize] = spec.HeadSize;
        if (keys.RotarySize is { } rotarySize) config[rotarySize] = spec.Rotary.Size;
        if (keys.RotaryShare is { } share) config[share] = (double)spec.Rotary.Size / spec.HeadSize;
        if (keys.ParallelResidual is { } parallel) config[parallel] = spec.Residual == ResidualLayout.Parallel;
        if (keys.UsesWindow is { } uses) config[uses] = false;
        else if (keys.Window is { } window) config[window] = null;
        if (keys.AttentionBias is { } attention) config[attention] = spec.Biases.Contains(Part.Query);
        if (keys.MlpBias is { } mlp) config[mlp] = spec.Biases.Contains(Part.Down);
        foreach (var (key, value) in spec.Family.Fixed.OrderBy(pair => pair.Key, StringComparer.Ordinal)) config[key] = value;
        return config;
    }

    private static JsonObject Scaling(RotaryScaling scaling) => scaling.Kind switch
    {
        RotaryScalingKind.Linear => new JsonObject { ["rope_type"] = "linear", ["factor"] = scaling.Factor },
        RotaryScalingKind.Llama3 => new JsonObject
        {
            ["rope_type"] = "llama3",
            ["factor"] = scaling.Factor,
            ["low_freq_factor"] = scaling.LowFrequency,
            ["high_freq_factor"] = scaling.HighFrequency,
            ["original_max_position_embeddings"] = scaling.OriginalPositions,
        },
        RotaryScalingKind.Yarn => new JsonObject
        {
            ["rope_type"] = "yarn",
            ["factor"] = scaling.Factor,
            ["beta_slow"] = scaling.LowFrequency,
            ["beta_fast"] = scaling.HighFrequency,
            ["original_max_position_embeddings"] = scaling.OriginalPositions,
            ["attention_factor"] = scaling.Magnitude,
            ["truncate"] = scaling.WholePairs,
        },
        RotaryScalingKind.Dynamic => new JsonObject { ["rope_type"] = "dynamic", ["factor"] = scaling.Factor },
        _ => throw new ArgumentOutOfRangeException(nameof(scaling), scaling.Kind, "Not a rule."),
    };
}
