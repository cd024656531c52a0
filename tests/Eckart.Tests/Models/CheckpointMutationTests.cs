using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Eckart.Models;
using Eckart.Tests.Support;
using Eckart.Tests.Support.Mutations;
using TorchSharp;

namespace Eckart.Tests.Models;

public sealed class CheckpointMutationTests : IDisposable
{
    private static readonly int[] Ids = [11, 250, 3, 77];

    private readonly TemporaryFolder folder = new();
    private readonly string model;
    private readonly byte[] original;
    private readonly ModelSpec spec;
    private readonly int[] logits;

    public CheckpointMutationTests()
    {
        model = TinyModel.Write(folder, "good");
        var config = TinyModel.LlamaConfig();
        (config["head_dim"], config["rope_theta"], config["attention_bias"], config["torch_dtype"]) = (4, 10_000.0, false, "float32");
        config["rope_scaling"] = JsonNode.Parse("""{"rope_type":"llama3","factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":64}""");
        (config["quantization_config"], config["architectures"]) = (null, new JsonArray("LlamaForCausalLM"));
        original = Encoding.UTF8.GetBytes(config.ToJsonString());
        folder.File("good/config.json", original);
        using var checkpoint = Checkpoint.Open(model);
        (spec, logits) = (checkpoint.Spec, Logits(checkpoint));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Two_thousand_damaged_configurations_are_read_right_or_refused() => new MutationRun("config.json", Mutate, Read).Of(2_000);

    [LongFact]
    public void A_hundred_thousand_damaged_configurations_are_read_right_or_refused() => new MutationRun("config.json", Mutate, Read).Of(100_000);

    private Mutation Mutate(Random random) => random.Next(5) == 0
        ? new ByteMutator(random, [original]).Mutate(original, original.Length, [])
        : new JsonMutator(random).Mutate(original);

    // The weights lie beside every configuration, by a link.
    private Action Read(string path, Mutation mutation)
    {
        var beside = Path.GetDirectoryName(path)!;
        File.CreateSymbolicLink(Path.Combine(beside, "model.safetensors"), Path.Combine(model, "model.safetensors"));
        var checkpoint = Checkpoint.Open(beside);
        return () =>
        {
            Check(checkpoint, JsonNode.Parse(mutation.Bytes)!.AsObject());
            checkpoint.Dispose();
        };
    }

    private void Check(Checkpoint checkpoint, JsonObject config)
    {
        var found = checkpoint.Spec;
        Assert.Equal(
            (Int("num_hidden_layers"), Int("hidden_size"), Int("num_attention_heads"), Int("num_key_value_heads") ?? Int("num_attention_heads"), Int("intermediate_size"), Int("vocab_size"), Int("max_position_embeddings")),
            (found.Layers, found.Hidden, found.Heads, found.KeyValueHeads, found.MlpSize, found.Vocabulary, found.MaxPositions));
        Assert.Equal(Int("head_dim") ?? found.Hidden / found.Heads, found.HeadSize);
        Assert.Equal(Number(config["rms_norm_eps"]), found.NormEpsilon);
        Assert.True(found.Layers <= TinyModel.Layers && found is { Hidden: TinyModel.Hidden, Vocabulary: TinyModel.Vocabulary, MlpSize: 24 });
        Assert.Equal(("llama", 16, 8), (found.Family.ModelType, found.Heads * found.HeadSize, found.KeyValueHeads * found.HeadSize));

        // A model that opens also runs; the same one gives the same numbers.
        var run = Logits(checkpoint);
        if (found == spec with { Biases = found.Biases }) Assert.Equal(logits, run);

        int? Int(string key) => config[key] is { } value ? int.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) : null;
    }

    private static double Number(JsonNode? value) => double.Parse(value!.ToJsonString(), CultureInfo.InvariantCulture);

    private static int[] Logits(Checkpoint checkpoint)
    {
        using var scope = torch.NewDisposeScope();
        using var loaded = CausalLm.Load(checkpoint, ComputeOptions.Cpu with { Workers = 1 });
        return TinyLm.Bits(loaded, Ids);
    }
}
