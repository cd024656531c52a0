using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Eckart.Models;

namespace Eckart.Tests.Support;

/// <summary><see cref="TinyModel"/> as a GGUF file.</summary>
internal static class TinyGguf
{
    public static readonly IReadOnlyList<(string Key, object Value)> Keys =
    [
        ("general.architecture", "llama"),
        ("llama.block_count", 3u),
        ("llama.embedding_length", 16u),
        ("llama.feed_forward_length", 24u),
        ("llama.attention.head_count", 4u),
        ("llama.attention.head_count_kv", 2u),
        ("llama.attention.layer_norm_rms_epsilon", 1e-5f),
        ("llama.context_length", 256u),
    ];

    /// <summary>Its tokenizer, with the first two tokens for begin and end.</summary>
    public static IReadOnlyList<(string Key, object Value)> Tokenizer { get; } =
    [
        ("tokenizer.ggml.model", "gpt2"),
        ("tokenizer.ggml.tokens", ((JsonObject)TinyModel.Tokenizer()["model"]!["vocab"]!).OrderBy(token => token.Value!.GetValue<int>()).Select(token => token.Key).ToArray()),
        ("tokenizer.ggml.merges", Array.Empty<string>()),
        ("tokenizer.ggml.bos_token_id", 0u),
        ("tokenizer.ggml.eos_token_id", 1u),
    ];

    /// <summary>Writes the file.</summary>
    /// <param name="folder">Of the test.</param>
    /// <param name="keys">Null for <see cref="Keys"/>.</param>
    /// <param name="add">Adds further tensors; may be null.</param>
    /// <returns>Its path.</returns>
    public static string Write(TemporaryFolder folder, IEnumerable<(string Key, object Value)>? keys = null, Action<GgufBytes>? add = null)
    {
        Dictionary<string, (long[] Shape, float[] Values)> weights = [];
        TinyModel.Write(folder, changeWeights: all => weights = all);
        var family = FamilyTable.All.Single(family => family.ModelType == "llama");
        var file = new GgufBytes();
        foreach (var (key, value) in keys ?? Keys) file.With(key, value);
        foreach (var (part, name) in family.Gguf!.Names)
            for (var layer = 0; layer < (part >= Part.AttentionNorm ? TinyModel.Layers : 1); layer++)
            {
                if (!weights.TryGetValue(At(family.Names[part], layer), out var weight)) continue;
                var values = part switch { Part.Query => InPairs(weight.Values, heads: 4), Part.Key => InPairs(weight.Values, heads: 2), _ => weight.Values };
                file.Tensor(At(name, layer), 0, [.. weight.Shape.Reverse().Select(size => (ulong)size)], Bytes(values));
            }

        add?.Invoke(file);
        return folder.File("model.gguf", file.ToArray());

        string At(string name, int layer) => name.Replace("{layer}", $"{layer}", StringComparison.Ordinal) + ".weight";
    }

    public static byte[] Bytes(float[] values) => MemoryMarshal.AsBytes<float>(values).ToArray();

    // As llama.cpp's converter: of each head's rows, the halves become the two members of pairs.
    private static float[] InPairs(float[] values, int heads)
    {
        var rows = values.Chunk(TinyModel.Hidden).ToArray();
        var half = rows.Length / heads / 2;
        return [.. Enumerable.Range(0, heads).SelectMany(head => Enumerable.Range(0, half).SelectMany(pair => new[] { rows[(head * 2 * half) + pair], rows[(head * 2 * half) + half + pair] })).SelectMany(row => row)];
    }
}
