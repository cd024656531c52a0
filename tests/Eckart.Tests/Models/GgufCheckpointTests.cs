using Eckart.Models;
using Eckart.Tests.Support;

namespace Eckart.Tests.Models;

public sealed class GgufCheckpointTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Its_logits_are_those_of_the_same_weights_in_a_folder_bit_for_bit()
    {
        using var tiny = new TinyLm();
        using var checkpoint = Checkpoint.Open(TinyGguf.Write(folder));
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
        var path = TinyGguf.Write(folder, [.. TinyGguf.Keys.Where(one => one.Key != key), (key, value)]);

        Refused.With(() => Checkpoint.Open(path).Dispose(), ["model.gguf", .. parts]);
    }

    [Theory]
    [InlineData("general.architecture")]
    [InlineData("llama.block_count")]
    [InlineData("llama.attention.layer_norm_rms_epsilon")]
    [InlineData("llama.context_length")]
    public void A_missing_key_is_refused_as_the_file_spells_it(string key)
    {
        var path = TinyGguf.Write(folder, [.. TinyGguf.Keys.Where(one => one.Key != key)]);

        Refused.With(() => Checkpoint.Open(path).Dispose(), "model.gguf", $"key '{key}'");
    }

    [Fact]
    public void A_key_that_may_be_missing_has_its_usual_value()
    {
        var path = TinyGguf.Write(folder, [.. TinyGguf.Keys, ("llama.rope.scaling.type", "none"), ("llama.rope.dimension_count", 4u)]);

        using var checkpoint = Checkpoint.Open(path);

        Assert.Equal((10_000, 4, null), (checkpoint.Spec.Rotary.Theta, checkpoint.Spec.HeadSize, checkpoint.Spec.Rotary.Scaling));
        Assert.Equal(1e-5, checkpoint.Spec.NormEpsilon);
        Assert.True(checkpoint.Spec.TiedHead);
    }

    // Of a head of 4 at base 5e6 the second pair turns 0.58 times in 8192 positions: less than once, so it is divided by the whole factor.
    [Fact]
    public void Divisors_of_the_rotary_frequencies_are_traced_back_to_LLaMA_3s_rule()
    {
        var path = TinyGguf.Write(folder, [.. TinyGguf.Keys, ("llama.rope.freq_base", 5_000_000f)], file => file.Tensor("rope_freqs.weight", 0, [2], TinyGguf.Bytes([1, 8])));

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
        var path = TinyGguf.Write(folder, [.. TinyGguf.Keys, ("llama.rope.freq_base", 5_000_000f)], file => file.Tensor("rope_freqs.weight", 0, [2], TinyGguf.Bytes([first, second])));

        Refused.With(() => Checkpoint.Open(path).Dispose(), "model.gguf", "tensor 'rope_freqs.weight'", "LLaMA 3's rule");
    }

    [Theory]
    [InlineData("linear", 4, "llama.rope.scaling.type=linear llama.rope.scaling.factor=4")]
    [InlineData("linear", 4, "llama.rope.scaling.factor=4")]
    [InlineData("linear", 4, "llama.rope.scale_linear=4")]
    [InlineData("linear", 2, "llama.rope.scale_linear=4 llama.rope.scaling.factor=2")]
    [InlineData("yarn", 4, "llama.rope.scaling.type=yarn llama.rope.scaling.factor=4 llama.rope.scaling.yarn_beta_fast=8 llama.rope.scaling.yarn_beta_slow=2 llama.rope.scaling.finetuned=1")]
    [InlineData(null, 0, "llama.rope.scaling.factor=0")]
    [InlineData(null, 0, "llama.rope.scaling.type=none llama.rope.scaling.factor=4")]
    public void Scaling_is_read_in_the_spellings_that_files_have(string? kind, double factor, string pairs)
    {
        var added = pairs.Split(' ').Select(pair => pair.Split('=')).Select(pair => (pair[0], pair[0].EndsWith("type", StringComparison.Ordinal) ? (object)pair[1] : float.Parse(pair[1], System.Globalization.CultureInfo.InvariantCulture)));

        using var checkpoint = Checkpoint.Open(TinyGguf.Write(folder, [.. TinyGguf.Keys, .. added]));

        var scaling = checkpoint.Spec.Rotary.Scaling;
        Assert.Equal((kind, factor), (scaling?.Kind.ToString().ToLowerInvariant(), scaling?.Factor ?? 0));
        if (kind == "yarn") Assert.Equal((2, 8), (scaling!.LowFrequency, scaling.HighFrequency));
    }

    [Fact]
    public void Keys_of_the_architecture_that_nobody_asked_for_are_listed()
    {
        using var checkpoint = Checkpoint.Open(TinyGguf.Write(folder, [.. TinyGguf.Keys, ("llama.expert_note", "x"), ("general.name", "y")]));

        Assert.Equal(["llama.expert_note"], checkpoint.UnreadKeys);
    }

    [Fact]
    public void A_part_of_a_layer_that_the_family_lacks_is_refused()
    {
        var path = TinyGguf.Write(folder, TinyGguf.Keys, file => file.Tensor("blk.0.attn_q_norm.weight", 0, [4], TinyGguf.Bytes([1, 1, 1, 1])));

        Refused.With(() => Checkpoint.Open(path).Dispose(), "tensor 'blk.0.attn_q_norm.weight'", "expected no such part in 3 layers");
    }

    [Fact]
    public void As_many_divisors_as_pairs_are_expected()
    {
        var path = TinyGguf.Write(folder, [.. TinyGguf.Keys, ("llama.rope.freq_base", 5_000_000f)], file => file.Tensor("rope_freqs.weight", 0, [3], TinyGguf.Bytes([1, 1, 1])));

        Refused.With(() => Checkpoint.Open(path).Dispose(), "tensor 'rope_freqs.weight'", "expected 2 divisors", "found 3");
    }

    [Fact]
    public void Divisors_and_another_scaling_are_refused()
    {
        var path = TinyGguf.Write(folder, [.. TinyGguf.Keys, ("llama.rope.freq_base", 5_000_000f), ("llama.rope.scaling.type", "linear")], file => file.Tensor("rope_freqs.weight", 0, [2], TinyGguf.Bytes([1, 8])));

        Refused.With(() => Checkpoint.Open(path).Dispose(), "key 'llama.rope.scaling.type'", "expected none");
    }

    [Theory]
    [InlineData("llama.attention.sliding_window", 64u, "expected 0 or no such key, found 64")]
    [InlineData("llama.rope.scaling.attn_factor", 0.5f, "expected 1 or no such key, found 0.5")]
    [InlineData("llama.rope.scaling.yarn_attn_factor", 2f, "expected 1 or no such key, found 2")]
    [InlineData("llama.rope.scaling.yarn_ext_factor", 0f, "expected 1 or no such key, found 0")]
    [InlineData("llama.rope.scaling.yarn_log_multiplier", 0.1f, "expected 0 or no such key, found 0.1")]
    [InlineData("llama.rope.dimension_sections", 2u, "expected a key of the rotary embedding that is known here, found another")]
    [InlineData("split.count", 3u, "expected a whole model in one file, found one of 3 parts")]
    public void A_key_that_changes_the_maths_is_refused(string key, object value, string found) =>
        Refused.With(() => Checkpoint.Open(TinyGguf.Write(folder, [.. TinyGguf.Keys, (key, value)])).Dispose(), $"key '{key}'", found);

    [Theory]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    [InlineData("gpt2")]
    public void Other_architectures_give_the_logits_of_the_same_weights_in_a_folder(string modelType)
    {
        var (source, path) = RandomGguf.Write(folder, modelType);
        using var expected = Checkpoint.Open(source);
        using var found = Checkpoint.Open(path);
        using var folderModel = CausalLm.Load(expected, ComputeOptions.Cpu);
        using var fileModel = CausalLm.Load(found, ComputeOptions.Cpu);

        Assert.Equal(TinyLm.Bits(folderModel, [1, 5, 3, 4]), TinyLm.Bits(fileModel, [1, 5, 3, 4]));
        Assert.Empty(found.UnusedTensors);
    }
}
