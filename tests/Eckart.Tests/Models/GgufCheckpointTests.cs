using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Eckart.Models;
using Eckart.Tests.Support;
using TorchSharp;

namespace Eckart.Tests.Models;

public sealed class GgufCheckpointTests : IDisposable
{
    private static readonly (string Key, object Value)[] Keys =
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

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Its_logits_are_those_of_the_same_weights_in_a_folder_bit_for_bit()
    {
        using var tiny = new TinyLm();
        using var checkpoint = Checkpoint.Open(Write());
        using var model = CausalLm.Load(checkpoint, ComputeOptions.Cpu);

        Assert.Equal(tiny.LogitBits(1, 200, 3, 4), TinyLm.Bits(model, [1, 200, 3, 4]));
        Assert.Equal(tiny.Model.Spec with { Biases = checkpoint.Spec.Biases }, checkpoint.Spec);
        Assert.Equal(("model", "F32"), (checkpoint.Name, checkpoint.Types.Single()));
        Assert.Empty(checkpoint.UnreadKeys);
        Assert.Empty(checkpoint.UnusedTensors);
    }

    [Theory]
    [InlineData("general.architecture", "mamba", "expected one of llama, qwen2, qwen3, gpt2, found 'mamba'")]
    [InlineData("llama.block_count", 4u, "tensor 'blk.3.attn_norm.weight'")]
    [InlineData("llama.block_count", 4_000_000_000u, "num_hidden_layers")]
    [InlineData("llama.block_count", "3", "key 'llama.block_count'")]
    [InlineData("llama.attention.layer_norm_rms_epsilon", float.NaN, "rms_norm_eps", "finite")]
    [InlineData("llama.attention.layer_norm_rms_epsilon", double.PositiveInfinity, "rms_norm_eps", "finite")]
    [InlineData("llama.rope.freq_base", float.NegativeInfinity, "rope_theta", "finite")]
    [InlineData("llama.rope.dimension_count", 2u, "key 'llama.rope.dimension_count'", "expected 4, the size of a head, found 2")]
    [InlineData("llama.rope.scaling.type", "longrope", "rope_scaling.rope_type", "found 'longrope'")]
    [InlineData("llama.rope.scaling.type", "linear", "rope_scaling.factor")]
    public void A_value_that_the_code_cannot_do_is_refused(string key, object value, params string[] parts)
    {
        var path = Write([.. Keys.Where(one => one.Key != key), (key, value)]);

        Refused.With(() => Checkpoint.Open(path).Dispose(), ["model.gguf", .. parts]);
    }

    [Theory]
    [InlineData("general.architecture")]
    [InlineData("llama.block_count")]
    [InlineData("llama.attention.layer_norm_rms_epsilon")]
    [InlineData("llama.context_length")]
    public void A_missing_key_is_refused_as_the_file_spells_it(string key)
    {
        var path = Write([.. Keys.Where(one => one.Key != key)]);

        Refused.With(() => Checkpoint.Open(path).Dispose(), "model.gguf", $"key '{key}'");
    }

    [Fact]
    public void A_key_that_may_be_missing_has_its_usual_value()
    {
        var path = Write([.. Keys, ("llama.rope.scaling.type", "none"), ("llama.rope.dimension_count", 4u)]);

        using var checkpoint = Checkpoint.Open(path);

        Assert.Equal((10_000, 4, null), (checkpoint.Spec.Rotary.Theta, checkpoint.Spec.HeadSize, checkpoint.Spec.Rotary.Scaling));
        Assert.Equal(1e-5, checkpoint.Spec.NormEpsilon);
        Assert.True(checkpoint.Spec.TiedHead);
    }

    // Of a head of 4 at base 5e6 the second pair turns 0.58 times in 8192 positions: less than once, so it is divided by the whole factor.
    [Fact]
    public void Divisors_of_the_rotary_frequencies_are_traced_back_to_LLaMA_3s_rule()
    {
        var path = Write([.. Keys, ("llama.rope.freq_base", 5_000_000f)], file => file.Tensor("rope_freqs.weight", 0, [2], Bytes([1, 8])));

        using var checkpoint = Checkpoint.Open(path);

        Assert.Equal(new RotaryScaling(RotaryScalingKind.Llama3, 8, 1, 4, 8192), checkpoint.Spec.Rotary.Scaling);
        Assert.Empty(checkpoint.UnusedTensors);
    }

    [Theory]
    [InlineData(2f, 8f)]
    [InlineData(8f, 8f)]
    [InlineData(1f, float.NaN)]
    [InlineData(0f, 8f)]
    public void Other_divisors_are_refused(float first, float second)
    {
        var path = Write([.. Keys, ("llama.rope.freq_base", 5_000_000f)], file => file.Tensor("rope_freqs.weight", 0, [2], Bytes([first, second])));

        Refused.With(() => Checkpoint.Open(path).Dispose(), "model.gguf", "tensor 'rope_freqs.weight'", "LLaMA 3's rule");
    }

    [Fact]
    public void Divisors_and_another_scaling_are_refused()
    {
        var path = Write([.. Keys, ("llama.rope.freq_base", 5_000_000f), ("llama.rope.scaling.type", "linear")], file => file.Tensor("rope_freqs.weight", 0, [2], Bytes([1, 8])));

        Refused.With(() => Checkpoint.Open(path).Dispose(), "key 'llama.rope.scaling.type'", "expected none");
    }

    [Theory]
    [InlineData("llama.attention.sliding_window", 64u, "expected 0 or no such key, found 64")]
    [InlineData("llama.rope.scaling.attn_factor", 0.5f, "expected 1 or no such key, found 0.5")]
    public void A_key_that_changes_the_maths_is_refused(string key, object value, string found) =>
        Refused.With(() => Checkpoint.Open(Write([.. Keys, (key, value)])).Dispose(), $"key '{key}'", found);

    [Theory]
    [InlineData("qwen2", "num_hidden_layers:block_count hidden_size:embedding_length intermediate_size:feed_forward_length num_attention_heads:attention.head_count num_key_value_heads:attention.head_count_kv max_position_embeddings:context_length rms_norm_eps:attention.layer_norm_rms_epsilon")]
    [InlineData("qwen3", "num_hidden_layers:block_count hidden_size:embedding_length intermediate_size:feed_forward_length num_attention_heads:attention.head_count num_key_value_heads:attention.head_count_kv head_dim:attention.key_length max_position_embeddings:context_length rms_norm_eps:attention.layer_norm_rms_epsilon")]
    [InlineData("gpt2", "n_layer:block_count n_embd:embedding_length n_inner:feed_forward_length n_head:attention.head_count n_positions:context_length layer_norm_epsilon:attention.layer_norm_epsilon")]
    public void Other_architectures_give_the_logits_of_the_same_weights_in_a_folder(string modelType, string keys)
    {
        var family = FamilyTable.All.Single(family => family.ModelType == modelType);
        var source = RandomModel.Write(folder, family, new Random(modelType == "qwen3" ? 8 : 2));
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(source, "config.json")))!;
        if (config["use_sliding_window"] is not null) config["use_sliding_window"] = false;       // such files do not say
        config.AsObject().Remove("layer_types");
        config.AsObject().Remove("attention_bias");
        File.WriteAllText(Path.Combine(source, "config.json"), config.ToJsonString());
        using var expected = Checkpoint.Open(source);
        var file = new GgufBytes().With("general.architecture", modelType);
        foreach (var pair in keys.Split(' ').Select(pair => pair.Split(':')))
            file.With($"{modelType}.{pair[1]}", pair[1].EndsWith("epsilon", StringComparison.Ordinal) ? (float)config[pair[0]]! : (object)(uint)config[pair[0]]!);
        foreach (var together in family.Gguf!.Names.GroupBy(one => one.Value, one => one.Key).OrderBy(one => one.Min()))
            for (var layer = 0; layer < (together.Min() >= Part.AttentionNorm ? expected.Spec.Layers : 1); layer++)
                foreach (var bias in new[] { false, true })
                    AddTensor(file, expected, [.. together.Order()], together.Key.Replace("{layer}", $"{layer}", StringComparison.Ordinal), layer, bias);
        using var found = Checkpoint.Open(folder.File("model.gguf", file.ToArray()));
        using var folderModel = CausalLm.Load(expected, ComputeOptions.Cpu);
        using var fileModel = CausalLm.Load(found, ComputeOptions.Cpu);

        Assert.Equal(TinyLm.Bits(folderModel, [1, 5, 3, 4]), TinyLm.Bits(fileModel, [1, 5, 3, 4]));
        Assert.Empty(found.UnusedTensors);
    }

    // What llama.cpp's converter writes: parts under one name beneath each other, all (outputs, inputs).
    private static void AddTensor(GgufBytes file, Checkpoint source, Part[] parts, string name, int layer, bool bias)
    {
        if ((bias && !source.Spec.Biases.Contains(parts[0])) || (parts[0] == Part.Head && source.Spec.TiedHead)) return;
        using var scope = torch.NewDisposeScope();
        var whole = torch.cat([.. parts.Select(part => source.Stored(part, layer, bias).Read(1))]);
        file.Tensor(name + (bias ? ".bias" : ".weight"), 0, [.. whole.shape.Reverse().Select(size => (ulong)size)], Bytes(TensorMemory.ValuesOf<float>(whole)));
    }

    private string Write((string Key, object Value)[]? keys = null, Action<GgufBytes>? add = null)
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

    // As llama.cpp's converter: of each head's rows, the halves become the two members of pairs.
    private static float[] InPairs(float[] values, int heads)
    {
        var rows = values.Chunk(TinyModel.Hidden).ToArray();
        var half = rows.Length / heads / 2;
        return [.. Enumerable.Range(0, heads).SelectMany(head => Enumerable.Range(0, half).SelectMany(pair => new[] { rows[(head * 2 * half) + pair], rows[(head * 2 * half) + half + pair] })).SelectMany(row => row)];
    }

    private static byte[] Bytes(float[] values) => MemoryMarshal.AsBytes<float>(values).ToArray();
}
