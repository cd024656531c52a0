using System.Collections.Immutable;

namespace Eckart.Models.Families;

/// <summary>GPT-2: learned positions, one tensor for queries, keys and values, matrices stored (inputs, outputs).</summary>
/// <remarks>Source: Radford et al. 2019; names and defaults as in Hugging Face checkpoints and in GGUF files.</remarks>
internal static class Gpt2
{
    public static readonly Family Family = new()
    {
        ModelType = "gpt2",
        Title = "GPT-2",
        Architecture = "GPT2LMHeadModel",
        Norm = NormKind.Layer,
        Residual = ResidualLayout.Sequential,
        Rotary = null,
        Gated = false,
        Biases = [Part.FinalNorm, Part.AttentionNorm, Part.MlpNorm, Part.Query, Part.Key, Part.Value, Part.Output, Part.Up, Part.Down],
        StoredTransposed = [Part.Query, Part.Key, Part.Value, Part.Output, Part.Up, Part.Down],
        TiesHead = true,
        BasePrefix = "transformer.",
        Buffers = [".attn.bias", ".attn.masked_bias"],
        Fixed = new Dictionary<string, bool> { ["scale_attn_weights"] = true, ["scale_attn_by_inverse_layer_idx"] = false, ["add_cross_attention"] = false }.ToImmutableDictionary(),
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
        },
        Names = new Dictionary<Part, string>
        {
            [Part.Embedding] = "transformer.wte",
            [Part.Positions] = "transformer.wpe",
            [Part.FinalNorm] = "transformer.ln_f",
            [Part.Head] = "lm_head",
            [Part.AttentionNorm] = "transformer.h.{layer}.ln_1",
            [Part.MlpNorm] = "transformer.h.{layer}.ln_2",
            [Part.Query] = "transformer.h.{layer}.attn.c_attn",
            [Part.Key] = "transformer.h.{layer}.attn.c_attn",
            [Part.Value] = "transformer.h.{layer}.attn.c_attn",
            [Part.Output] = "transformer.h.{layer}.attn.c_proj",
            [Part.Up] = "transformer.h.{layer}.mlp.c_fc",
            [Part.Down] = "transformer.h.{layer}.mlp.c_proj",
        }.ToImmutableDictionary(),
        Gguf = new GgufDialect
        {
            Architecture = "gpt2",
            Keys = new Dictionary<string, string>
            {
                ["block_count"] = "n_layer",
                ["embedding_length"] = "n_embd",
                ["feed_forward_length"] = "n_inner",
                ["attention.head_count"] = "n_head",
                ["attention.layer_norm_epsilon"] = "layer_norm_epsilon",
                ["context_length"] = "n_positions",
            }.ToImmutableDictionary(),
            Optional = [],
            Implied = new Dictionary<string, string> { ["activation_function"] = "gelu_new" }.ToImmutableDictionary(),
            Names = new Dictionary<Part, string>
            {
                [Part.Embedding] = "token_embd",
                [Part.Positions] = "position_embd",
                [Part.FinalNorm] = "output_norm",
                [Part.Head] = "output",
                [Part.AttentionNorm] = "blk.{layer}.attn_norm",
                [Part.MlpNorm] = "blk.{layer}.ffn_norm",
                [Part.Query] = "blk.{layer}.attn_qkv",
                [Part.Key] = "blk.{layer}.attn_qkv",
                [Part.Value] = "blk.{layer}.attn_qkv",
                [Part.Output] = "blk.{layer}.attn_output",
                [Part.Up] = "blk.{layer}.ffn_up",
                [Part.Down] = "blk.{layer}.ffn_down",
            }.ToImmutableDictionary(),
            RowsInPairs = [],
        },
    };
}
