using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Eckart.Engine;
using Eckart.Formats.HuggingFace;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tasks;
using Eckart.Tests.Engine;
using Eckart.Tests.Support;
using TorchSharp;

namespace Eckart.Tests.Models;

/// <summary>The paper's two models at their real size: names and shapes of the checkpoints that people have, as files that hold nothing but zeros and take no room.</summary>
public sealed class RealCheckpointsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static readonly Dictionary<string, string> Configs = new()
    {
        ["llama-2-7b"] = """
            {"architectures":["LlamaForCausalLM"],"hidden_act":"silu","hidden_size":4096,"intermediate_size":11008,"max_position_embeddings":4096,"model_type":"llama","num_attention_heads":32,
             "num_hidden_layers":32,"num_key_value_heads":32,"rms_norm_eps":1e-05,"rope_scaling":null,"tie_word_embeddings":false,"torch_dtype":"float16","vocab_size":32000}
            """,
        ["gptj-6b"] = """
            {"activation_function":"gelu_new","architectures":["GPTJForCausalLM"],"layer_norm_epsilon":1e-05,"model_type":"gptj","n_embd":4096,"n_head":16,"n_inner":null,"n_layer":28,"n_positions":2048,
             "rotary":true,"rotary_dim":64,"scale_attn_weights":true,"tie_word_embeddings":false,"vocab_size":50400}
            """,
    };

    [Theory]
    [InlineData("llama-2-7b", 6_738_415_616)]
    [InlineData("gptj-6b", 6_050_882_784)]
    public void Every_tensor_of_the_real_checkpoint_is_a_part_of_the_model_or_a_known_buffer(string name, long parameters)
    {
        var golden = Golden(name);
        folder.File("model/config.json", Configs[name]);
        WriteZeros(Path.Combine(folder.Path, "model", "model.safetensors"), golden);

        using var checkpoint = Checkpoint.Open(Path.Combine(folder.Path, "model"));

        Assert.Empty(checkpoint.UnusedTensors);
        Assert.Equal(parameters, Parts(checkpoint.Spec).Sum(part => part.Shape.Aggregate(1L, (product, size) => product * size)));
        Assert.Equal(golden.Keys.Where(key => !checkpoint.Spec.Family.Buffers.Any(end => key.EndsWith(end, StringComparison.Ordinal))).Order(), Parts(checkpoint.Spec).Select(part => part.Name).Order());
    }

    [Theory]
    [InlineData("llama-2-7b")]
    [InlineData("gptj-6b")]
    public void A_layer_of_its_shapes_fits_together_on_the_meta_device(string name)
    {
        var golden = Golden(name);
        var spec = ModelSpecReader.Read(ConfigJson.FromJson(JsonNode.Parse(Configs[name])!.AsObject(), name));
        using var scope = torch.NewDisposeScope();
        var x = torch.empty([7, spec.Hidden], torch.float16, torch.META);

        torch.Tensor Apply(Part part, torch.Tensor input) => torch.nn.functional.linear(input, torch.empty(golden[TensorNames.Full(spec.Family.Names[part], 0, bias: false)], torch.float16, torch.META));
        var query = Apply(Part.Query, x).view(7, spec.Heads, spec.HeadSize);
        var key = Apply(Part.Key, x).view(7, spec.KeyValueHeads, spec.HeadSize);

        Assert.Equal(query.shape, key.shape);
        Assert.Equal(x.shape, Apply(Part.Output, query.reshape(7, -1)).shape);
        Assert.Equal(x.shape, Apply(Part.Down, Apply(Part.Up, x)).shape);
        Assert.Equal([7, spec.Vocabulary], Apply(Part.Head, x).shape);
    }

    // 13 GB on the disk, 4 GiB of memory.
    [LongFact]
    public void A_full_size_checkpoint_is_opened_inspected_and_walked_layer_by_layer()
    {
        folder.File("model/config.json", Configs["llama-2-7b"]);
        var path = Path.Combine(folder.Path, "model", "model.safetensors");
        WriteZeros(path, Golden("llama-2-7b"));
        FillWithNumbers(path);
        using var checkpoint = Checkpoint.Open(Path.Combine(folder.Path, "model"));
        using var engine = WalkEngine.Streaming(checkpoint, ComputeOptions.Cpu, new EngineOptions { Memory = 4L << 30 });
        var query = new Query("query", 0, 0, [.. new[] { 5, 6 }.Select(last => new Continuation((int[])[1, 15043, 3186, 29871, last], 1))], []);

        var spectra = Spectra.Of(checkpoint, [new(0, Projection.Query), new(31, Projection.Down)], ComputeOptions.Cpu.Workers).ToArray();
        var scores = SomeModel.Walk(engine, [new([query], Intervention.None), new([query], Intervention.Parse("query@30:0.9+drop@3").Resolve(checkpoint.Spec))]);

        Assert.Equal([[4096, 4096], [4096, 11008]], spectra.Select(one => one.Shape.ToArray()));
        Assert.All(spectra, one => Assert.True(one.Measures.Largest > one.Measures.Smallest));
        Assert.All(scores.SelectMany(one => one[0]), score => Assert.True(double.IsFinite(score) && score < 0));
        Assert.NotEqual(scores[0][0][0], scores[1][0][0]);
    }

    public void Dispose() => folder.Dispose();

    private static Dictionary<string, long[]> Golden(string name) => File.ReadLines(Path.Combine(Repository.Root, "tests", "Eckart.Tests", "Models", "Checkpoints", $"{name}.golden.txt"))
        .Select(line => line.Split(" (")).ToDictionary(parts => parts[0], parts => parts[1].TrimEnd(')').Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(long.Parse).ToArray());

    private static IEnumerable<(string Name, IReadOnlyList<long> Shape)> Parts(ModelSpec spec) =>
        from part in spec.Family.Names.Keys
        from layer in Enumerable.Range(0, part >= Part.AttentionNorm ? spec.Layers : 1)
        from bias in spec.Biases.Contains(part) ? new[] { false, true } : [false]
        select (TensorNames.Full(spec.Family.Names[part], layer, bias), (IReadOnlyList<long>)(bias ? [spec.ShapeOf(part)[0]] : spec.ShapeOf(part)));

    // Random float16 numbers of the size of weights; norms among them.
    private static void FillWithNumbers(string path)
    {
        var random = new Random(7);
        var block = new byte[(1 << 24) + 2];        // of a length that no matrix divides by
        var numbers = MemoryMarshal.Cast<byte, Half>(block.AsSpan());
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        var prefix = new byte[sizeof(ulong)];
        file.ReadExactly(prefix);
        for (file.Position += BinaryPrimitives.ReadInt64LittleEndian(prefix); file.Position < file.Length;)
        {
            for (var i = 0; i < numbers.Length; i++) numbers[i] = (Half)(0.04 * (random.NextDouble() - 0.5));
            for (var copy = 0; copy < 8 && file.Position < file.Length; copy++) file.Write(block, 0, (int)Math.Min(block.Length, file.Length - file.Position));
        }
    }

    private static void WriteZeros(string path, Dictionary<string, long[]> tensors)
    {
        var end = 0L;
        var entries = tensors.Select(tensor =>
        {
            var begin = end;
            end += 2 * tensor.Value.Aggregate(1L, (product, size) => product * size);
            return $"\"{tensor.Key}\":{SafetensorsBytes.Entry("F16", $"[{string.Join(',', tensor.Value)}]", $"[{begin},{end}]")}";
        });
        var header = Encoding.UTF8.GetBytes($"{{{string.Join(',', entries)}}}");
        using var file = File.Create(path);
        file.Write(SafetensorsBytes.Prefix((ulong)header.Length));
        file.Write(header);
        file.SetLength(file.Position + end);
    }
}
