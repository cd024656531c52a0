using System.Collections.Immutable;

namespace Eckart.Models.Families;

/// <summary>GPT-J: parallel residual, rotary pairs, biases on the MLP and the head. One of the paper's two.</summary>
/// <remarks>Source: Wang and Komatsuzaki 2021 (GPT-J-6B); names as in Hugging Face checkpoints.</remarks>
internal static class GptJ
{
    public static readonly Family Family = new()
    {
        ModelType = "gptj",
        Title = "GPT-J",
        Architecture = "GPTJForCausalLM",
        Norm = NormKind.Layer,
        Residual = ResidualLayout.Parallel,
        Rotary = RotaryLayout.Pairs,
        Gated = false,
        Biases = [Part.FinalNorm, Part.AttentionNorm, Part.Up, Part.Down, Part.Head],
        BasePrefix = "transformer.",
        Buffers = [".attn.bias", ".attn.masked_bias"],
        Fixed = new Dictionary<string, bool> { ["rotary"] = true, ["scale_attn_weights"] = true }.ToImmutableDictionary(),
        Keys = new ConfigKeys
        {
            Layers = "n_layer",
            Hidden = "n_embd",
            Heads = "n_head",
            MlpSize = "n_inner",
            MlpSizeDefaults = true,
            MaxPositions = "n_positions",
            NormEpsilon = "layer_norm_epsilon",
            Activation = "activation_function",
            RotarySize = "rotary_dim",
            RotarySizeDefault = 64,
        },
        Names = new Dictionary<Part, string>
        {
            [Part.Embedding] = "transformer.wte",
            [Part.FinalNorm] = "transformer.ln_f",
            [Part.Head] = "lm_head",
            [Part.AttentionNorm] = "transformer.h.{layer}.ln_1",
            [Part.Query] = "transformer.h.{layer}.attn.q_proj",
            [Part.Key] = "transformer.h.{layer}.attn.k_proj",
            [Part.Value] = "transformer.h.{layer}.attn.v_proj",
            [Part.Output] = "transformer.h.{layer}.attn.out_proj",
            [Part.Up] = "transformer.h.{layer}.mlp.fc_in",
            [Part.Down] = "transformer.h.{layer}.mlp.fc_out",
        }.ToImmutableDictionary(),
    };
}
