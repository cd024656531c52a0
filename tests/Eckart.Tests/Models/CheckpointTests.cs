using System.Diagnostics;
using System.Text.Json.Nodes;
using Eckart.Formats;
using Eckart.Models;
using Eckart.Tests.Support;

namespace Eckart.Tests.Models;

public sealed class CheckpointTests : IDisposable
{
    private const string Down = "model.layers.1.mlp.down_proj.weight";
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_folder_opens_with_what_it_is_made_of()
    {
        var path = TinyModel.Write(folder);

        using var checkpoint = Checkpoint.Open(path + Path.DirectorySeparatorChar);

        Assert.Equal("tiny", checkpoint.Name);
        Assert.Equal(["F32"], checkpoint.Types);
        Assert.Equal((256 * 16) + 16 + (3 * ((2 * 16) + (2 * 16 * 16) + (2 * 8 * 16) + (3 * 24 * 16))), checkpoint.Parameters);
        Assert.Equal((3, 16, 4, 2, 4, 24, 256, 256), (checkpoint.Spec.Layers, checkpoint.Spec.Hidden, checkpoint.Spec.Heads, checkpoint.Spec.KeyValueHeads, checkpoint.Spec.HeadSize, checkpoint.Spec.MlpSize, checkpoint.Spec.Vocabulary, checkpoint.Spec.MaxPositions));
        Assert.Equal((3 * ((2 * 16 * 16) + (2 * 8 * 16) + (3 * 24 * 16))) + (256 * 16), checkpoint.Spec.MultipliedParameters);
        Assert.Empty(checkpoint.UnreadKeys);
        Assert.Empty(checkpoint.UnusedTensors);
    }

    [Fact]
    public void Unknown_keys_and_unused_tensors_are_listed_and_buffers_passed_over()
    {
        var path = TinyModel.Write(folder, changeWeights: weights =>
        {
            weights["model.layers.0.self_attn.rotary_emb.inv_freq"] = ([2], [1, 0.1f]);
            weights["value_head.weight"] = ([1], [1]);
            weights["lm_head.weight"] = ([1, 1], [1]);
        });
        Configure(config =>
        {
            config["torch_dtype"] = "float32";
            config["rope_scaling"] = new JsonObject { ["rope_type"] = "default", ["beta"] = 1 };
            config["bos_token_id"] = null;
        });

        using var checkpoint = Checkpoint.Open(path);

        Assert.Equal(["torch_dtype", "rope_scaling.beta"], checkpoint.UnreadKeys);
        Assert.Equal(["lm_head.weight", "value_head.weight"], checkpoint.UnusedTensors);
    }

    [Fact]
    public void Names_without_the_base_prefix_are_the_same_tensors()
    {
        using var expected = Load(TinyModel.Write(folder, "whole"));

        using var bare = Load(TinyModel.Write(folder, "bare", weights =>
        {
            foreach (var name in weights.Keys.ToArray())
            {
                weights[name["model.".Length..]] = weights[name];
                weights.Remove(name);
            }
        }));

        Assert.Equal(TinyLm.Bits(expected, [1, 2, 3]), TinyLm.Bits(bare, [1, 2, 3]));
    }

    [Fact]
    public void A_head_of_its_own_is_used_where_the_model_is_not_tied()
    {
        using var tied = Load(TinyModel.Write(folder));
        var path = TinyModel.Write(folder, changeWeights: weights => weights["lm_head.weight"] = ([256, 16], Array.ConvertAll(weights["model.embed_tokens.weight"].Values, value => 2 * value)));
        Configure(config => config["tie_word_embeddings"] = false);

        using var untied = Load(path);

        Assert.Equal(
            TinyLm.Bits(tied, [1, 2, 3]).Select(bits => 2 * BitConverter.Int32BitsToSingle(bits)),
            TinyLm.Bits(untied, [1, 2, 3]).Select(BitConverter.Int32BitsToSingle));
    }

    [Fact]
    public void A_missing_tensor_is_refused_by_its_name()
    {
        Refused.With(() => Open(TinyModel.Write(folder, changeWeights: weights => weights.Remove(Down))), "model.safetensors", $"tensor '{Down}'", "found none");
    }

    [Fact]
    public void A_tensor_of_the_wrong_shape_is_refused_with_both_shapes()
    {
        Refused.With(() => Open(TinyModel.Write(folder, changeWeights: weights => weights[Down] = ([24, 16], weights[Down].Values))), $"tensor '{Down}'", "expected (16, 24)", "(24, 16)");
    }

    [Theory]
    [InlineData("num_hidden_layers", "1000000000", "tensor 'model.layers.3.")]
    [InlineData("num_hidden_layers", "2147483648", "key 'num_hidden_layers'")]
    [InlineData("num_hidden_layers", "0", "key 'num_hidden_layers'")]
    [InlineData("num_hidden_layers", "null", "key 'num_hidden_layers'", "found null")]
    [InlineData("num_hidden_layers", "\"3\"", "key 'num_hidden_layers'", "found the text")]
    [InlineData("hidden_size", "2147483647", "key 'num_attention_heads'")]
    [InlineData("hidden_size", "2147483640", "expected (256, 2147483640)")]
    [InlineData("head_dim", "2147483646", "expected (8589934584, 16)")]
    [InlineData("head_dim", "3", "key 'head_dim'", "even number")]
    [InlineData("intermediate_size", "-24", "key 'intermediate_size'")]
    [InlineData("num_key_value_heads", "3", "key 'num_key_value_heads'", "a divisor of num_attention_heads = 4, found 3")]
    [InlineData("num_attention_heads", "5", "key 'num_key_value_heads'", "a divisor of num_attention_heads = 5, found 2")]
    [InlineData("num_attention_heads", "6", "key 'num_attention_heads'", "a divisor of hidden_size = 16, found 6")]
    [InlineData("model_type", "\"bert\"", "key 'model_type'", "expected one of llama, gptj, mistral, qwen2, qwen3, gpt2, gpt_neox, found 'bert'")]
    [InlineData("hidden_act", "\"mish\"", "key 'hidden_act'", "silu", "found 'mish'")]
    [InlineData("vocab_size", "300", "tensor 'model.embed_tokens.weight'", "expected (300, 16)")]
    [InlineData("rms_norm_eps", "-1", "key 'rms_norm_eps'")]
    [InlineData("rms_norm_eps", "1e999", "key 'rms_norm_eps'")]
    [InlineData("rope_theta", "0", "key 'rope_theta'")]
    [InlineData("tie_word_embeddings", "false", "tensor 'lm_head.weight'")]
    [InlineData("attention_bias", "true", "tensor 'model.layers.0.self_attn.q_proj.bias'")]
    [InlineData("mlp_bias", "true", "tensor 'model.layers.0.mlp.gate_proj.bias'")]
    [InlineData("attention_bias", "1", "key 'attention_bias'")]
    [InlineData("quantization_config", """{"quant_method":"gptq"}""", "key 'quantization_config'", "quantised")]
    [InlineData("rope_scaling", """{"rope_type":"longrope"}""", "key 'rope_scaling.rope_type'", "found 'longrope'")]
    [InlineData("rope_scaling", """{"type":"su"}""", "key 'rope_scaling.type'", "found 'su'")]
    [InlineData("rope_scaling", """{"type":"dynamic"}""", "key 'rope_scaling.factor'", "no such key")]
    [InlineData("rope_scaling", """{"type":"yarn"}""", "key 'rope_scaling.factor'", "no such key")]
    [InlineData("rope_scaling", """{"type":"yarn","factor":2,"beta_fast":1}""", "key 'rope_scaling.beta_fast'", "more than beta_slow = 1, found 1")]
    [InlineData("rope_scaling", """{"type":"yarn","factor":2,"original_max_position_embeddings":0}""", "key 'rope_scaling.original_max_position_embeddings'")]
    [InlineData("layer_types", """["full_attention","sliding_attention","full_attention"]""", "key 'layer_types'", "expected full_attention, found 'sliding_attention'")]
    [InlineData("layer_types", """["full_attention"]""", "key 'layer_types'", "each of 3 layers, found 1")]
    [InlineData("layer_types", "[1,2,3]", "key 'layer_types'", "expected a list of texts")]
    [InlineData("rope_scaling", """{"rope_type":"linear"}""", "key 'rope_scaling.factor'", "no such key")]
    [InlineData("rope_scaling", """{"rope_type":"linear","factor":0}""", "key 'rope_scaling.factor'")]
    [InlineData("rope_scaling", """{"rope_type":"llama3","factor":8,"low_freq_factor":4,"high_freq_factor":4,"original_max_position_embeddings":8192}""", "key 'rope_scaling.high_freq_factor'", "more than low_freq_factor = 4, found 4")]
    [InlineData("rope_parameters", """{"rope_theta":10000,"partial_rotary_factor":0.5}""", "key 'rope_parameters.partial_rotary_factor'", "expected 1, found 0.5")]
    public void A_value_that_the_weights_or_the_code_cannot_do_is_refused_by_its_key(string key, string value, params string[] parts)
    {
        var path = TinyModel.Write(folder);
        Configure(config => config[key] = JsonNode.Parse(value));
        var started = Stopwatch.GetTimestamp();

        Refused.With(() => Open(path), parts);

        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 5);
    }

    [Theory]
    [InlineData("num_hidden_layers")]
    [InlineData("hidden_size")]
    [InlineData("num_attention_heads")]
    [InlineData("num_key_value_heads")]
    [InlineData("head_dim")]
    [InlineData("intermediate_size")]
    [InlineData("max_position_embeddings")]
    [InlineData("vocab_size")]
    public void A_size_that_is_none_is_refused_by_its_key(string key)
    {
        var path = TinyModel.Write(folder);
        foreach (var value in new[] { "0", "-1", "2147483648", "1e3", "16.5", "\"16\"", "true", "[16]", "100000000000000000000000" })
        {
            Configure(config => config[key] = JsonNode.Parse(value));

            Refused.With(() => Open(path), $"config.json: key '{key}': expected a whole number from 1 to 2147483647, found ");
        }
    }

    [Theory]
    [InlineData("model_type")]
    [InlineData("num_hidden_layers")]
    [InlineData("hidden_size")]
    [InlineData("num_attention_heads")]
    [InlineData("intermediate_size")]
    [InlineData("max_position_embeddings")]
    [InlineData("rms_norm_eps")]
    [InlineData("hidden_act")]
    [InlineData("vocab_size")]
    public void A_required_key_that_is_missing_is_refused_by_its_name(string key)
    {
        var path = TinyModel.Write(folder);
        Configure(config => config.Remove(key));

        Refused.With(() => Open(path), $"config.json: key '{key}': expected ", "found no such key");
    }

    [Fact]
    public void A_configuration_cut_anywhere_is_refused()
    {
        var path = TinyModel.Write(folder);
        var whole = TinyModel.LlamaConfig().ToJsonString();

        for (var length = 0; length < whole.Length; length++)
        {
            folder.File("tiny/config.json", whole[..length]);
            Refused.With(() => Open(path), "config.json", "expected ", "found");
        }
    }

    [Fact]
    public void Names_and_values_without_end_are_cut_in_the_message()
    {
        var path = TinyModel.Write(folder);
        foreach (var key in new[] { "model_type", "hidden_act", "rms_norm_eps" })
        {
            Configure(config => (config["model_type"], config["hidden_act"], config["rms_norm_eps"]) = ("llama", "silu", 1e-5));
            Configure(config => config[key] = new string('x', 100_000));

            var refused = Assert.Throws<InputException>(() => Open(path));

            Assert.Contains($"key '{key}'", refused.Message, StringComparison.Ordinal);
            Assert.InRange(refused.Message.Length, 200, 600);
        }
    }

    [Theory]
    [InlineData("n_layer")]
    [InlineData("n_embd")]
    [InlineData("n_head")]
    [InlineData("n_positions")]
    [InlineData("layer_norm_epsilon")]
    [InlineData("activation_function")]
    [InlineData("vocab_size")]
    public void A_required_key_of_GPT_J_that_is_missing_is_refused_by_its_name(string key)
    {
        var path = TinyModel.Write(folder);
        folder.File("tiny/config.json", """
            {"model_type":"gptj","n_layer":1,"n_embd":16,"n_head":4,"n_positions":64,"layer_norm_epsilon":1e-5,"activation_function":"gelu_new","rotary_dim":4,"vocab_size":256}
            """);
        Configure(config => config.Remove(key));

        Refused.With(() => Open(path), $"config.json: key '{key}': expected ", "found no such key");
    }

    [Theory]
    [InlineData("n_embd", "2147483640", "key 'n_embd'", "at most 536870911")]
    [InlineData("rotary", "false", "key 'rotary'", "expected true, found false")]
    [InlineData("rotary_dim", "6", "key 'rotary_dim'", "up to the head size 4, found 6")]
    [InlineData("rotary_dim", "3", "key 'rotary_dim'", "even number")]
    [InlineData("n_layer", "1", "tensor 'transformer.wte.weight'")]
    public void So_it_is_for_GPT_J(string key, string value, params string[] parts)
    {
        var path = TinyModel.Write(folder);
        folder.File("tiny/config.json", """
            {"model_type":"gptj","n_layer":1,"n_embd":16,"n_head":4,"n_positions":64,"layer_norm_epsilon":1e-5,"activation_function":"gelu_new","rotary_dim":4,"vocab_size":256}
            """);
        Configure(config => config[key] = JsonNode.Parse(value));

        Refused.With(() => Open(path), parts);
    }

    [Fact]
    public void Nothing_at_a_path_is_refused()
    {
        Refused.With(() => Open(Path.Combine(folder.Path, "none")), "none", "found nothing", "--model");
    }

    [Fact]
    public void A_folder_without_a_configuration_is_refused()
    {
        var path = TinyModel.Write(folder);
        File.Delete(Path.Combine(path, "config.json"));

        Refused.With(() => Open(path), "config.json");
    }

    [Fact]
    public void A_folder_without_weights_is_refused()
    {
        Refused.With(() => Open(folder.Path), folder.Path, "model.safetensors");
    }

    [Theory]
    [InlineData("pytorch_model.bin", "found a pickle")]
    [InlineData("tiny/model.safetensors", "found a file of weights alone")]
    [InlineData("notes.txt", "another kind of file")]
    [InlineData("wrong.gguf", "wrong.gguf")]
    public void A_file_that_is_no_model_is_refused_for_what_it_is(string name, string part)
    {
        TinyModel.Write(folder);
        var path = name.StartsWith("tiny", StringComparison.Ordinal) ? Path.Combine(folder.Path, name) : folder.File(name, "not a model");

        Refused.With(() => Open(path), Path.GetFileName(name), part);
    }

    [Fact]
    public void A_folder_of_pickles_is_refused_with_the_way_to_convert_them()
    {
        var path = TinyModel.Write(folder);
        File.Move(Path.Combine(path, "model.safetensors"), Path.Combine(path, "pytorch_model.bin"));

        Refused.With(() => Open(path), "pytorch_model.bin", "found a pickle", "safe_serialization=True");
    }

    [Fact]
    public void A_missing_tokenizer_is_refused_when_it_is_asked_for()
    {
        var path = TinyModel.Write(folder);
        File.Delete(Path.Combine(path, "tokenizer.json"));
        using var checkpoint = Checkpoint.Open(path);

        Refused.With(() => checkpoint.LoadTokenizer(), "tokenizer.json");
    }

    private static void Open(string path) => Checkpoint.Open(path).Dispose();

    private static CausalLm Load(string path)
    {
        using var checkpoint = Checkpoint.Open(path);
        return CausalLm.Load(checkpoint, ComputeOptions.Cpu with { Workers = 1 });
    }

    private void Configure(Action<JsonObject> change)
    {
        var file = Path.Combine(folder.Path, "tiny", "config.json");
        var config = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        change(config);
        File.WriteAllText(file, config.ToJsonString());
    }
}
