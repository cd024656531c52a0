namespace Eckart.Models.Families;

/// <summary>Qwen 3: LLaMA with a norm of each query and key head.</summary>
/// <remarks>Source: Yang et al., arXiv 2505.09388; names and defaults as in Hugging Face checkpoints and in GGUF files.</remarks>
internal static class Qwen3
{
    public static readonly Family Family = Llama.Family with
    {
        ModelType = "qwen3",
        Title = "Qwen 3",
        Architecture = "Qwen3ForCausalLM",
        Keys = Qwen2.Family.Keys with { HeadSizeDefault = 128, AttentionBias = "attention_bias" },
        Names = Llama.Family.Names
            .Add(Part.QueryNorm, "model.layers.{layer}.self_attn.q_norm")
            .Add(Part.KeyNorm, "model.layers.{layer}.self_attn.k_norm"),
        Gguf = Qwen2.Family.Gguf! with
        {
            Architecture = "qwen3",
            Names = Qwen2.Family.Gguf!.Names
                .Add(Part.QueryNorm, "blk.{layer}.attn_q_norm")
                .Add(Part.KeyNorm, "blk.{layer}.attn_k_norm"),
        },
    };
}
