namespace Eckart.Models.Families;

/// <summary>Mistral: LLaMA with a sliding window.</summary>
/// <remarks>Source: Jiang et al., arXiv 2310.06825; names and defaults as in Hugging Face checkpoints.</remarks>
internal static class Mistral
{
    public static readonly Family Family = Llama.Family with
    {
        ModelType = "mistral",
        Title = "Mistral (its GGUF files say llama)",
        Architecture = "MistralForCausalLM",
        Keys = Llama.Family.Keys with { AttentionBias = null, MlpBias = null, Window = "sliding_window", WindowDefault = 4096 },
        Gguf = null,
    };
}
