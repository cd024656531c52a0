using System.Globalization;
using System.Text.Json.Nodes;
using Eckart.Models;
using Eckart.Tests.Support;

namespace Eckart.Tests.Models;

public sealed class CheckpointDigestTests : IDisposable
{
    private const string Down = "model.layers.1.mlp.down_proj.weight";
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void One_bit_of_one_weight_is_another_model()
    {
        var digest = Digest(TinyModel.Write(folder));

        var other = Digest(TinyModel.Write(folder, "other", weights => weights[Down].Values[5] = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(weights[Down].Values[5]) ^ 1)));

        Assert.Matches("^[0-9a-f]{64}$", digest);
        Assert.NotEqual(digest, other);
        Assert.Equal(digest, Digest(TinyModel.Write(folder, "copy")));
    }

    [Fact]
    public void The_same_tensors_in_other_files_are_the_same_model()
    {
        Dictionary<string, (long[] Shape, float[] Values)> weights = [];
        var digest = Digest(TinyModel.Write(folder, changeWeights: all => weights = all));
        var map = new JsonObject();
        foreach (var (shard, number) in weights.Reverse().Chunk(10).Select((shard, number) => (shard, number)))
        {
            var name = $"model-{number + 1:00000}-of-00003.safetensors";
            foreach (var weight in shard) map[weight.Key] = name;
            folder.File($"sharded/{name}", SafetensorsBytes.Of([.. shard.Select(weight => SafetensorsBytes.Floats(weight.Key, weight.Value.Shape, weight.Value.Values))]));
        }

        folder.File("sharded/model.safetensors.index.json", new JsonObject { ["weight_map"] = map }.ToJsonString());
        folder.File("sharded/config.json", TinyModel.LlamaConfig().ToJsonString());

        Assert.Equal(3, Directory.GetFiles(Path.Combine(folder.Path, "sharded"), "*.safetensors").Length);
        Assert.Equal(digest, Digest(Path.Combine(folder.Path, "sharded")));
    }

    [Theory]
    [InlineData("num_hidden_layers", "2")]
    [InlineData("num_attention_heads", "8", "head_dim", "2", "num_key_value_heads", "4")]
    [InlineData("rms_norm_eps", "1e-6")]
    [InlineData("hidden_act", "\"gelu\"")]
    [InlineData("rope_theta", "10000.5")]
    [InlineData("rope_scaling", """{"rope_type":"linear","factor":2}""")]
    [InlineData("tie_word_embeddings", "false")]
    [InlineData("mlp_bias", "true")]
    public void What_the_configuration_alone_says_counts(params string[] changes)
    {
        var path = TinyModel.Write(folder, changeWeights: weights =>
        {
            weights["lm_head.weight"] = weights["model.embed_tokens.weight"];
            foreach (var name in weights.Keys.Where(name => name.Contains("mlp", StringComparison.Ordinal)).ToArray())
                weights[name.Replace(".weight", ".bias", StringComparison.Ordinal)] = ([weights[name].Shape[0]], new float[weights[name].Shape[0]]);
        });
        var before = Digest(path);

        Configure(path, changes);

        Assert.NotEqual(before, Digest(path));
    }

    [Theory]
    [InlineData("torch_dtype", "\"float16\"")]
    [InlineData("rope_theta", "1e4")]
    [InlineData("head_dim", "4")]
    public void What_changes_no_score_does_not_count(params string[] changes)
    {
        var path = TinyModel.Write(folder);
        var before = Digest(path);

        Configure(path, changes);

        Assert.Equal(before, Digest(path));
    }

    [Fact]
    public void It_is_the_same_in_every_culture()
    {
        var path = TinyModel.Write(folder);
        Configure(path, "rope_theta", "10000.5", "rope_scaling", """{"rope_type":"linear","factor":2.5}""");
        var digest = Digest(path);
        var (before, comma) = (CultureInfo.CurrentCulture, (CultureInfo)CultureInfo.InvariantCulture.Clone());
        comma.NumberFormat.NumberDecimalSeparator = ",";

        try
        {
            CultureInfo.CurrentCulture = comma;
            Assert.Equal(digest, Digest(path));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static string Digest(string path)
    {
        using var checkpoint = Checkpoint.Open(path);
        return checkpoint.Digest();
    }

    private static void Configure(string path, params string[] changes)
    {
        var config = TinyModel.LlamaConfig();
        foreach (var change in changes.Chunk(2)) config[change[0]] = JsonNode.Parse(change[1]);
        File.WriteAllText(Path.Combine(path, "config.json"), config.ToJsonString());
    }
}
