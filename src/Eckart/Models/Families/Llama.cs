using System.Collections.Immutable;

namespace Eckart.Models.Families;

/// <summary>LLaMA, LLaMA 2 and 3, and models in their layout (SmolLM2, TinyLlama): one of the paper's two.</summary>
/// <remarks>Source: Touvron et al., arXiv 2302.13971 and 2307.09288; names as in Hugging Face checkpoints and in GGUF files.</remarks>
internal static class Llama
{
    public static readonly Family Family = new()
    {
        ModelType = "llama",
        Title = "LLaMA, LLaMA 2 and 3, and models in their layout",
        Architecture = "LlamaForCausalLM",
        Norm = NormKind.RootMeanSquare,
        Residual = ResidualLayout.Sequential,
        Rotary = RotaryLayout.Halves,
        Gated = true,
        Biases = [],
        BasePrefix = "model.",
        Buffers = ["rotary_emb.inv_freq", "rope_freqs.weight"],      // the first of folders, the second of GGUF files
        Keys = new ConfigKeys
        {
            Layers = "num_hidden_layers",
            Hidden = "hidden_size",
            Heads = "num_attention_heads",
            KeyValueHeads = "num_key_value_heads",
            HeadSize = "head_dim",
            MlpSize = "intermediate_size",
            MaxPositions = "max_position_embeddings",
            NormEpsilon = "rms_norm_eps",
            Activation = "hidden_act",
            AttentionBias = "attention_bias",
            MlpBias = "mlp_bias",
        },
        Names = new Dictionary<Part, string>
        {
            [Part.Embedding] = "model.embed_tokens",
            [Part.FinalNorm] = "model.norm",
            [Part.Head] = "lm_head",
            [Part.AttentionNorm] = "model.layers.{layer}.input_layernorm",
            [Part.MlpNorm] = "model.layers.{layer}.post_attention_layernorm",
            [Part.Query] = "model.layers.{layer}.self_attn.q_proj",
            [Part.Key] = "model.layers.{layer}.self_attn.k_proj",
            [Part.Value] = "model.layers.{layer}.self_attn.v_proj",
            [Part.Output] = "model.layers.{layer}.self_attn.o_proj",
            [Part.Gate] = "model.layers.{layer}.mlp.gate_proj",
            [Part.Up] = "model.layers.{layer}.mlp.up_proj",
            [Part.Down] = "model.layers.{layer}.mlp.down_proj",
        }.ToImmutableDictionary(),
        Gguf = new GgufDialect
        {
            Architecture = "llama",
            Keys = new Dictionary<string, string>
            {
                ["block_count"] = "num_hidden_layers",
                ["embedding_length"] = "hidden_size",
                ["feed_forward_length"] = "intermediate_size",
                ["attention.head_count"] = "num_attention_heads",
                ["attention.head_count_kv"] = "num_key_value_heads",
                ["attention.key_length"] = "head_dim",
                ["attention.layer_norm_rms_epsilon"] = "rms_norm_eps",
                ["context_length"] = "max_position_embeddings",
                ["rope.freq_base"] = "rope_theta",
            }.ToImmutableDictionary(),
            Optional = ["attention.head_count_kv", "attention.key_length", "rope.freq_base"],
            Implied = new Dictionary<string, string> { ["hidden_act"] = "silu" }.ToImmutableDictionary(),
            Names = new Dictionary<Part, string>
            {
                [Part.Embedding] = "token_embd",
                [Part.FinalNorm] = "output_norm",
                [Part.Head] = "output",
                [Part.AttentionNorm] = "blk.{layer}.attn_norm",
                [Part.MlpNorm] = "blk.{layer}.ffn_norm",
                [Part.Query] = "blk.{layer}.attn_q",
                [Part.Key] = "blk.{layer}.attn_k",
                [Part.Value] = "blk.{layer}.attn_v",
                [Part.Output] = "blk.{layer}.attn_output",
                [Part.Gate] = "blk.{layer}.ffn_gate",
                [Part.Up] = "blk.{layer}.ffn_up",
                [Part.Down] = "blk.{layer}.ffn_down",
            }.ToImmutableDictionary(),
            RowsInPairs = [Part.Query, Part.Key],
        },
    };
}
