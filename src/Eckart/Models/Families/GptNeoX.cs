using System.Collections.Immutable;

namespace Eckart.Models.Families;

/// <summary>GPT-NeoX and Pythia: one tensor for queries, keys and values that alternate head by head, a quarter of each head rotated, parallel residual with two norms.</summary>
/// <remarks>Source: Black et al., arXiv 2204.06745; names and defaults as in Hugging Face checkpoints.</remarks>
internal static class GptNeoX
{
    public static readonly Family Family = new()
    {
        ModelType = "gpt_neox",
        Title = "GPT-NeoX and Pythia",
        Architecture = "GPTNeoXForCausalLM",
        Norm = NormKind.Layer,
        Residual = ResidualLayout.Parallel,
        Rotary = RotaryLayout.Halves,
        Gated = false,
        Biases = [Part.FinalNorm, Part.AttentionNorm, Part.MlpNorm, Part.Query, Part.Key, Part.Value, Part.Output, Part.Up, Part.Down],
        AlternatesHeads = true,
        BasePrefix = "gpt_neox.",
        Buffers = [".attention.bias", ".attention.masked_bias", "rotary_emb.inv_freq"],
        Keys = new ConfigKeys
        {
            Layers = "num_hidden_layers",
            Hidden = "hidden_size",
            Heads = "num_attention_heads",
            MlpSize = "intermediate_size",
            MaxPositions = "max_position_embeddings",
            NormEpsilon = "layer_norm_eps",
            Activation = "hidden_act",
            AttentionBias = "attention_bias",
            RotaryShare = "rotary_pct",
            RotaryShareDefault = 0.25,
            RotaryBase = "rotary_emb_base",
            ParallelResidual = "use_parallel_residual",
        },
        Names = new Dictionary<Part, string>
        {
            [Part.Embedding] = "gpt_neox.embed_in",
            [Part.FinalNorm] = "gpt_neox.final_layer_norm",
            [Part.Head] = "embed_out",
            [Part.AttentionNorm] = "gpt_neox.layers.{layer}.input_layernorm",
            [Part.MlpNorm] = "gpt_neox.layers.{layer}.post_attention_layernorm",
            [Part.Query] = "gpt_neox.layers.{layer}.attention.query_key_value",
            [Part.Key] = "gpt_neox.layers.{layer}.attention.query_key_value",
            [Part.Value] = "gpt_neox.layers.{layer}.attention.query_key_value",
            [Part.Output] = "gpt_neox.layers.{layer}.attention.dense",
            [Part.Up] = "gpt_neox.layers.{layer}.mlp.dense_h_to_4h",
            [Part.Down] = "gpt_neox.layers.{layer}.mlp.dense_4h_to_h",
        }.ToImmutableDictionary(),
    };
}
