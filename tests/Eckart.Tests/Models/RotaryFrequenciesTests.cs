using System.Text.Json.Nodes;
using Eckart.Engine;
using Eckart.Formats;
using Eckart.Formats.HuggingFace;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tasks;
using Eckart.Tests.Engine;
using Eckart.Tests.Support;

namespace Eckart.Tests.Models;

public sealed class RotaryFrequenciesTests : IDisposable
{
    private const int Size = 8;
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Without_scaling_pair_i_turns_by_the_base_to_the_minus_2i_over_the_size() =>
        AssertFrequencies(null, 0, [.. Enumerable.Range(0, 4).Select(i => Math.Pow(10_000, -2.0 * i / Size))]);

    [Fact]
    public void Linear_scaling_divides_them_all() =>
        AssertFrequencies(new(RotaryScalingKind.Linear, 4), 0, [.. Enumerable.Range(0, 4).Select(i => Math.Pow(10_000, -2.0 * i / Size) / 4)]);

    // Base · (factor · length / original − (factor − 1)) ^ (size / (size − 2)).
    [Theory]
    [InlineData(1, 10_000)]
    [InlineData(64, 10_000)]
    [InlineData(96, 25_198.420997897463)]
    [InlineData(128, 43_267.48710922225)]
    public void Dynamic_scaling_raises_the_base_with_the_length_beyond_the_original(int tokens, double theta) =>
        AssertFrequencies(new(RotaryScalingKind.Dynamic, 2, OriginalPositions: 64), tokens, [.. Enumerable.Range(0, 4).Select(i => Math.Pow(theta, -2.0 * i / Size))]);

    [Fact]
    public void YaRN_keeps_what_turns_often_divides_what_turns_seldom_and_blends_along_the_pairs_between()
    {
        // The pairs that turn 4 times and once in 512 positions are 1.308… and 1.910…; rounded outwards 1 and 2.
        var plain = Enumerable.Range(0, 4).Select(i => Math.Pow(10_000, -2.0 * i / Size)).ToArray();

        AssertFrequencies(new(RotaryScalingKind.Yarn, 8, 1, 4, 512, 1.2, WholePairs: true), 0, [plain[0], plain[1], plain[2] / 8, plain[3] / 8]);
        AssertFrequencies(new(RotaryScalingKind.Yarn, 8, 1, 128, 512, 1.2, WholePairs: true), 0, [plain[0], (plain[1] / 2) + (plain[1] / 16), plain[2] / 8, plain[3] / 8]);
    }

    [Theory]
    [InlineData("""{"rope_type":"yarn","factor":4}""", 1.1386294361119891)]
    [InlineData("""{"rope_type":"yarn","factor":1}""", 1)]
    [InlineData("""{"rope_type":"yarn","factor":4,"attention_factor":0.5}""", 0.5)]
    [InlineData("""{"rope_type":"yarn","factor":40,"mscale":0.707,"mscale_all_dim":0.707}""", 1)]
    [InlineData("""{"rope_type":"yarn","factor":40,"mscale":1,"mscale_all_dim":0.5}""", 1.1557219901962608)]
    public void The_magnitude_of_YaRN_is_the_papers_unless_the_checkpoint_says_otherwise(string scaling, double magnitude)
    {
        var config = Config(scaling);

        Assert.Equal(magnitude, ModelSpecReader.Read(ConfigJson.FromJson(config, "config.json")).Rotary.Scaling!.Magnitude, 1e-9);
    }

    [Theory]
    [InlineData("""{"rope_type":"yarn","factor":null,"original_max_position_embeddings":16}""", 4)]
    [InlineData("""{"rope_type":"yarn","original_max_position_embeddings":16}""", 4)]
    [InlineData("""{"rope_type":"yarn","factor":2,"original_max_position_embeddings":16}""", 2)]
    public void A_factor_of_YaRN_that_is_left_out_is_the_ratio_of_the_lengths(string scaling, double factor) =>
        Assert.Equal(factor, ModelSpecReader.Read(ConfigJson.FromJson(Config(scaling), "config.json")).Rotary.Scaling!.Factor);

    [Fact]
    public void Prompts_beyond_the_original_length_are_the_references_alone()
    {
        var config = Config("""{"rope_type":"dynamic","factor":2}""");
        var family = FamilyTable.All.Single(family => family.ModelType == "llama");
        using var checkpoint = Checkpoint.Open(RandomModel.Write(folder, family, config, new Random(3)));
        using var model = CausalLm.Load(checkpoint, ComputeOptions.Cpu);
        using var editor = new WeightEditor(model, SvdKind.Exact, seed: 0);
        using var engine = WalkEngine.Over(model, new EngineOptions());
        using var reference = new ReferenceEngine(model, editor);
        var (within, beyond) = (Request(64), Request(65));

        Assert.Equal(128, checkpoint.Spec.LongestPrompt);
        SomeModel.AssertClose(SomeModel.Walk(reference, [within]), SomeModel.Walk(engine, [within]), 1e-4);
        Assert.Single(SomeModel.Walk(reference, [beyond]));
        Refused.With(() => SomeModel.Walk(engine, [beyond]), "rope_scaling", "at most 64 tokens", "found 65", "--engine reference");

        static ScoreRequest Request(int tokens) =>
            new([new Query("query", 0, 0, [.. new[] { 5, 6 }.Select(last => new Continuation((int[])[.. Enumerable.Range(0, tokens).Select(i => i % 50), last], 1))], [])], Intervention.None);
    }

    public void Dispose() => folder.Dispose();

    private static JsonObject Config(string scaling)
    {
        var config = TinyModel.LlamaConfig();
        (config["max_position_embeddings"], config["vocab_size"], config["rope_scaling"]) = (64, 50, JsonNode.Parse(scaling));
        return config;
    }

    private static void AssertFrequencies(RotaryScaling? scaling, int tokens, double[] expected)
    {
        var found = RotaryFrequencies.Of(new RotarySpec(Size, 10_000, RotaryLayout.Halves, scaling), tokens);

        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected.Zip(found), one => Assert.Equal(1, one.Second / one.First, 1e-6));
    }
}
