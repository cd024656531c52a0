using System.Text.Json.Nodes;
using Eckart.Models;
using TorchSharp;

namespace Eckart.Tests.Support;

/// <summary><see cref="RandomModel"/> as a GGUF file, of the architectures that need no reordered rows.</summary>
internal static class RandomGguf
{
    private const string Shared = "num_hidden_layers:block_count hidden_size:embedding_length intermediate_size:feed_forward_length num_attention_heads:attention.head_count num_key_value_heads:attention.head_count_kv max_position_embeddings:context_length rms_norm_eps:attention.layer_norm_rms_epsilon";
    private static readonly Dictionary<string, string> Keys = new()
    {
        ["qwen2"] = Shared,
        ["qwen3"] = $"{Shared} head_dim:attention.key_length",
        ["gpt2"] = "n_layer:block_count n_embd:embedding_length n_inner:feed_forward_length n_head:attention.head_count n_positions:context_length layer_norm_epsilon:attention.layer_norm_epsilon",
    };

    /// <summary>Writes a folder and a file of the same weights.</summary>
    public static (string Folder, string File) Write(TemporaryFolder folder, string modelType)
    {
        var family = FamilyTable.All.Single(family => family.ModelType == modelType);
        var source = RandomModel.Write(folder, family, new Random(modelType == "qwen3" ? 8 : 2));
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(source, "config.json")))!;
        if (config["use_sliding_window"] is not null) config["use_sliding_window"] = false;       // such files do not say
        config.AsObject().Remove("layer_types");
        config.AsObject().Remove("attention_bias");
        File.WriteAllText(Path.Combine(source, "config.json"), config.ToJsonString());
        using var checkpoint = Checkpoint.Open(source);
        var file = new GgufBytes().With("general.architecture", modelType);
        foreach (var pair in Keys[modelType].Split(' ').Select(pair => pair.Split(':')))
            file.With($"{modelType}.{pair[1]}", pair[1].EndsWith("epsilon", StringComparison.Ordinal) ? (float)config[pair[0]]! : (object)(uint)config[pair[0]]!);
        foreach (var together in family.Gguf!.Names.GroupBy(one => one.Value, one => one.Key).OrderBy(one => one.Min()))
            for (var layer = 0; layer < (together.Min() >= Part.AttentionNorm ? checkpoint.Spec.Layers : 1); layer++)
                foreach (var bias in new[] { false, true })
                    AddTensor(file, checkpoint, [.. together.Order()], together.Key.Replace("{layer}", $"{layer}", StringComparison.Ordinal), layer, bias);
        return (source, folder.File($"{modelType}.gguf", file.ToArray()));
    }

    // What llama.cpp's converter writes: parts under one name beneath each other, all (outputs, inputs).
    private static void AddTensor(GgufBytes file, Checkpoint source, Part[] parts, string name, int layer, bool bias)
    {
        if ((bias && !source.Spec.Biases.Contains(parts[0])) || (parts[0] == Part.Head && source.Spec.TiedHead)) return;
        using var scope = torch.NewDisposeScope();
        var whole = torch.cat([.. parts.Select(part => source.Stored(part, layer, bias).Read(1))]);
        file.Tensor(name + (bias ? ".bias" : ".weight"), 0, [.. whole.shape.Reverse().Select(size => (ulong)size)], TinyGguf.Bytes(TensorMemory.ValuesOf<float>(whole)));
    }
}
