using System.Text.Json.Nodes;
using Eckart.Models;

namespace Eckart.Tests.Support;

/// <summary>A complete Hugging Face folder of a random model with a byte-level tokenizer: small enough to make in every test, and to break in any way.</summary>
internal static class TinyModel
{
    public const int Layers = 3;
    public const int Hidden = 16;
    public const int Vocabulary = 256;

    /// <summary>A LLaMA of 3 layers, 4 query heads on 2 key-value heads, 256 positions.</summary>
    public static JsonObject LlamaConfig() => new()
    {
        ["model_type"] = "llama",
        ["num_hidden_layers"] = Layers,
        ["hidden_size"] = Hidden,
        ["num_attention_heads"] = 4,
        ["num_key_value_heads"] = 2,
        ["intermediate_size"] = 24,
        ["max_position_embeddings"] = 256,
        ["rms_norm_eps"] = 1e-5,
        ["hidden_act"] = "silu",
        ["vocab_size"] = Vocabulary,
        ["tie_word_embeddings"] = true,
    };

    /// <summary>Writes the folder: config.json, model.safetensors with seeded weights, tokenizer.json.</summary>
    /// <param name="folder">Of the test.</param>
    /// <param name="name">The model's folder within it.</param>
    /// <param name="changeWeights">May change, remove or add tensors before they are written.</param>
    /// <returns>The model's path.</returns>
    public static string Write(TemporaryFolder folder, string name = "tiny", Action<Dictionary<string, (long[] Shape, float[] Values)>>? changeWeights = null)
    {
        var weights = Weights();
        changeWeights?.Invoke(weights);
        folder.File($"{name}/config.json", LlamaConfig().ToJsonString());
        folder.File($"{name}/tokenizer.json", Tokenizer().ToJsonString());
        folder.File($"{name}/model.safetensors", SafetensorsBytes.Of([.. weights.Select(weight => SafetensorsBytes.Floats(weight.Key, weight.Value.Shape, weight.Value.Values))]));
        return Path.Combine(folder.Path, name);
    }

    /// <summary>Every byte is a token, spelled as GPT-2 does; no merges.</summary>
    public static JsonObject Tokenizer()
    {
        var vocabulary = new JsonObject();
        for (var (id, spare) = (0, 256); id < Vocabulary; id++)
            vocabulary[((char)(id is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255) ? id : spare++)).ToString()] = id;
        return new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray(),
            ["pre_tokenizer"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = true },
            ["post_processor"] = null,
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = true },
            ["model"] = new JsonObject { ["type"] = "BPE", ["vocab"] = vocabulary, ["merges"] = new JsonArray() },
        };
    }

    private static Dictionary<string, (long[] Shape, float[] Values)> Weights()
    {
        var random = new Random(7);
        var names = FamilyTable.All.Single(family => family.ModelType == "llama").Names;
        var weights = new Dictionary<string, (long[], float[])>();
        foreach (var (part, name) in names.Where(one => one.Key != Part.Head).OrderBy(one => one.Key))
            for (var layer = 0; layer < (part >= Part.AttentionNorm ? Layers : 1); layer++)
            {
                long[] shape = part switch
                {
                    Part.Embedding => [Vocabulary, Hidden],
                    Part.FinalNorm or Part.AttentionNorm or Part.MlpNorm => [Hidden],
                    Part.Key or Part.Value => [8, Hidden],
                    Part.Gate or Part.Up => [24, Hidden],
                    Part.Down => [Hidden, 24],
                    _ => [Hidden, Hidden],
                };
                var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
                for (var i = 0; i < values.Length; i++) values[i] = shape.Length == 1 ? 1 : (float)(random.NextDouble() - 0.5);
                weights[name.Replace("{layer}", $"{layer}", StringComparison.Ordinal) + ".weight"] = (shape, values);
            }

        return weights;
    }
}
