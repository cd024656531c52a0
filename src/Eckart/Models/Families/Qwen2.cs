namespace Eckart.Models.Families;

/// <summary>Qwen 2 and 2.5: LLaMA with biases on queries, keys and values.</summary>
/// <remarks>Source: Yang et al., arXiv 2407.10671; names and defaults as in Hugging Face checkpoints and in GGUF files.</remarks>
internal static class Qwen2
{
    public static readonly Family Family = Llama.Family with
    {
        ModelType = "qwen2",
        Title = "Qwen 2 and 2.5",
        Architecture = "Qwen2ForCausalLM",
        Biases = [Part.Query, Part.Key, Part.Value],
        Keys = Llama.Family.Keys with
        {
            AttentionBias = null,
            MlpBias = null,
            Window = "sliding_window",
            WindowDefault = 4096,
            UsesWindow = "use_sliding_window",
            FirstWindowLayer = "max_window_layers",
            FirstWindowLayerDefault = 28,
        },
        Gguf = Llama.Family.Gguf! with { Architecture = "qwen2", RowsInPairs = [] },
    };
}
