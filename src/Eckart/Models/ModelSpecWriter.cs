using System.Text.Json.Nodes;

namespace Eckart.Models;

/// <summary>Writes a <see cref="ModelSpec"/> as the <c>config.json</c> that its family has in transformers: what <see cref="ModelSpecReader"/> reads, and what loading needs beside it.</summary>
internal static class ModelSpecWriter
{
    /// <summary>The configuration.</summary>
    /// <param name="spec">With its family's biases alone.</param>
    /// <param name="type">The stored type as transformers names it, e.g. <c>float16</c>.</param>
    /// <exception cref="ArgumentException">The spec has what its family's keys cannot say.</exception>
    public static JsonObject Write(ModelSpec spec, string type)
    {
        var keys = spec.Family.Keys;
        if (!spec.Biases.SetEquals(spec.Family.Biases)) throw new ArgumentException("Expected no biases beyond the family's.", nameof(spec));
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
            ["rope_theta"] = spec.Rotary.Theta,
            ["tie_word_embeddings"] = spec.TiedHead,
            ["bos_token_id"] = null,
            ["eos_token_id"] = null,
        };
        if (spec.Rotary.Scaling is { } scaling) config["rope_scaling"] = Scaling(scaling);
        if (keys.KeyValueHeads is { } keyValueHeads) config[keyValueHeads] = spec.KeyValueHeads;
        if (keys.HeadSize is { } headSize) config[headSize] = spec.HeadSize;
        if (keys.RotarySize is { } rotarySize) config[rotarySize] = spec.Rotary.Size;
        foreach (var bias in new[] { keys.AttentionBias, keys.MlpBias })
            if (bias is not null) config[bias] = false;
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
        _ => throw new ArgumentException($"Expected linear or llama3, got {scaling.Kind}.", nameof(scaling)),
    };
}
