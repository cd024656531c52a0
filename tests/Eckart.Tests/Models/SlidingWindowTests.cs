using System.Text.Json.Nodes;
using Eckart.Formats.HuggingFace;
using Eckart.Models;
using Eckart.Tests.Support;
using TorchSharp;

namespace Eckart.Tests.Models;

public sealed class SlidingWindowTests : IDisposable
{
    private const int Layers = 4;
    private readonly TemporaryFolder folder = new();

    // Rotary positions are relative: with one layer, a window of w is the same as nothing but the last w tokens.
    [Theory]
    [InlineData("mistral")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    public void A_window_of_w_sees_its_own_position_and_the_w_less_1_before_it(string modelType)
    {
        const int Window = 5;
        var config = Config(modelType);
        config["num_hidden_layers"] = 1;
        config["sliding_window"] = Window;
        config["use_sliding_window"] = true;
        config["max_window_layers"] = 0;
        int[] ids = [.. Enumerable.Range(0, 17).Select(i => (i * 7) % 50)];
        using var scope = torch.NewDisposeScope();

        var windowed = Logits(config, ids);

        config["sliding_window"] = null;
        for (var i = 0; i < ids.Length; i++)
        {
            var seen = Logits(config, ids[Math.Max(0, i - Window + 1)..(i + 1)]);
            Assert.True((seen[-1] - windowed[i]).abs().max().item<float>() < 1e-5, $"position {i}");
        }

        Assert.True((Logits(config, ids)[-1] - windowed[-1]).abs().max().item<float>() > 1e-3, "The window changes nothing.");
    }

    [Theory]
    [InlineData("mistral", """{}""", 4096, 4096)]
    [InlineData("mistral", """{"sliding_window":7}""", 7, 7)]
    [InlineData("mistral", """{"sliding_window":null}""", 0, 0)]
    [InlineData("qwen2", """{"sliding_window":7}""", 0, 0)]
    [InlineData("qwen2", """{"sliding_window":7,"use_sliding_window":true}""", 0, 0)]
    [InlineData("qwen2", """{"use_sliding_window":true,"max_window_layers":3}""", 0, 4096)]
    [InlineData("qwen2", """{"sliding_window":7,"use_sliding_window":true,"max_window_layers":3}""", 0, 7)]
    [InlineData("qwen2", """{"sliding_window":7,"use_sliding_window":true,"max_window_layers":0}""", 7, 7)]
    [InlineData("qwen3", """{"sliding_window":7,"use_sliding_window":true,"layer_types":["full_attention","sliding_attention","full_attention","sliding_attention"]}""", 0, 7)]
    [InlineData("llama", """{"sliding_window":7}""", 0, 0)]
    [InlineData("mistral", """{"sliding_window":7,"layer_types":["full_attention","full_attention","full_attention","full_attention"]}""", 0, 0)]
    public void Which_layers_have_it_is_as_the_family_says(string modelType, string keys, int first, int last)
    {
        var config = Config(modelType);
        foreach (var (key, value) in JsonNode.Parse(keys)!.AsObject()) config[key] = value?.DeepClone();

        var spec = ModelSpecReader.Read(ConfigJson.FromJson(config, "config.json"));

        Assert.Equal((first, last), (spec.Window?.Of(0) ?? 0, spec.Window?.Of(Layers - 1) ?? 0));
    }

    [Theory]
    [InlineData("qwen2", """{"sliding_window":7}""")]
    [InlineData("qwen3", """{"use_sliding_window":false}""")]
    [InlineData("mistral", """{"sliding_window":null}""")]
    public void Layers_that_slide_without_a_window_are_refused(string modelType, string keys)
    {
        var config = Config(modelType);
        foreach (var (key, value) in JsonNode.Parse(keys)!.AsObject()) config[key] = value?.DeepClone();
        config["layer_types"] = new JsonArray("full_attention", "sliding_attention", "full_attention", "full_attention");

        Refused.With(() => ModelSpecReader.Read(ConfigJson.FromJson(config, "config.json")), "key 'layer_types'", "where no window is in use");
    }

    [Fact]
    public void Absurdly_many_layers_take_no_memory()
    {
        var config = Config("mistral");
        config["num_hidden_layers"] = 1_000_000_000;
        var before = GC.GetAllocatedBytesForCurrentThread();

        ModelSpecReader.Read(ConfigJson.FromJson(config, "config.json"));

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    public void Dispose() => folder.Dispose();

    private torch.Tensor Logits(JsonObject config, int[] ids)
    {
        var family = FamilyTable.All.Single(family => family.ModelType == (string?)config["model_type"]);
        using var checkpoint = Checkpoint.Open(RandomModel.Write(folder, family, config, new Random(3)));
        using var model = CausalLm.Load(checkpoint, ComputeOptions.Cpu);
        return model.Logits(model.HiddenStates(ids));
    }

    private static JsonObject Config(string modelType) => new()
    {
        ["model_type"] = modelType,
        ["num_hidden_layers"] = Layers,
        ["hidden_size"] = 16,
        ["num_attention_heads"] = 4,
        ["num_key_value_heads"] = 2,
        ["head_dim"] = 4,
        ["intermediate_size"] = 24,
        ["max_position_embeddings"] = 64,
        ["rms_norm_eps"] = 1e-5,
        ["hidden_act"] = "silu",
        ["vocab_size"] = 50,
        ["tie_word_embeddings"] = false,
    };
}
