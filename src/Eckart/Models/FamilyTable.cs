using System.Collections.Immutable;
using Eckart.Models.Families;

namespace Eckart.Models;

/// <summary>The families that can be read; a new one is a new file of data and a line here.</summary>
public static class FamilyTable
{
    /// <summary>Every family, the paper's two first.</summary>
    public static ImmutableArray<Family> All { get; } = [Llama.Family, GptJ.Family, Mistral.Family, Qwen2.Family, Qwen3.Family, Gpt2.Family, GptNeoX.Family];
}
