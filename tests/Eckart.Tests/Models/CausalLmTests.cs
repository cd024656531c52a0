using System.Runtime.InteropServices;
using Eckart.Formats.Safetensors;
using Eckart.Models;
using Eckart.Tests.Pruning;
using Eckart.Tests.Support;
using TorchSharp;

namespace Eckart.Tests.Models;

public sealed class CausalLmTests
{
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData("llama")]
    [InlineData("llama-gqa-tied")]
    [InlineData("llama3-rope")]
    [InlineData("llama-legacy-sharded-bf16")]
    [InlineData("gptj")]
    [InlineData("gptj-legacy-fp16")]
    [InlineData("llama-yarn")]
    [InlineData("mistral")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    [InlineData("gpt2")]
    [InlineData("gpt_neox")]
    public void Logits_and_every_hidden_state_are_the_reference_implementations(string name)
    {
        var folder = Shared.Find($"golden/checkpoints/{name}");
        using var golden = SafetensorsFile.Open(Path.Combine(folder, "golden.safetensors"));
        using var checkpoint = Checkpoint.Open(folder);
        using var model = CausalLm.Load(checkpoint, ComputeOptions.Cpu);
        var sequences = Ids(golden);

        for (var i = 0; i < sequences.Length; i++)
        {
            using var scope = torch.NewDisposeScope();
            var visited = 0;
            var states = model.HiddenStates(sequences[i], (layer, pass) =>
            {
                visited++;
                AssertClose(golden, $"hidden.{layer}", i, pass.Input);
            });
            AssertClose(golden, $"hidden.{checkpoint.Spec.Layers}", i, states);
            AssertClose(golden, "logits", i, model.Logits(states));
            Assert.Equal(checkpoint.Spec.Layers, visited);
        }
    }

    [Fact]
    public void A_pass_leaves_exactly_its_result_behind()
    {
        using var checkpoint = Checkpoint.Open(Shared.Find("golden/checkpoints/llama-gqa-tied"));
        using var model = CausalLm.Load(checkpoint, ComputeOptions.Cpu);
        using var scope = torch.NewDisposeScope();
        var before = scope.DisposablesCount;

        model.HiddenStates([1, 2, 3]);

        Assert.Equal(1, scope.DisposablesCount - before);
    }

    // An MLP of 1300 numbers is three blocks of outputs.
    [Fact]
    public void What_is_seen_on_the_way_does_not_depend_on_the_number_of_workers()
    {
        int[] ids = [.. Enumerable.Range(0, 60).Select(i => (i * 37) % 251)];
        using var folder = new TemporaryFolder();
        using var checkpoint = Checkpoint.Open(WideModel.Write(folder, config => config["intermediate_size"] = 1300).Path);
        using var one = CausalLm.Load(checkpoint, ComputeOptions.Cpu with { Workers = 1 });
        using var three = CausalLm.Load(checkpoint, ComputeOptions.Cpu with { Workers = 3 });
        using var scope = torch.NewDisposeScope();

        var (seen, same, plain) = (one.HiddenStates(ids, (_, _) => { }), three.HiddenStates(ids, (_, _) => { }), one.HiddenStates(ids));

        Assert.Equal(SomeMatrix.Bits(seen), SomeMatrix.Bits(same));
        Assert.True(seen.sub(plain).abs().max().item<float>() < 1e-4);
    }

    [Fact]
    public void A_product_in_blocks_has_each_outputs_own_weights_and_bias()
    {
        using var scope = torch.NewDisposeScope();
        using var linear = new Linear(SomeMatrix.Normal(1300, 8, 1), SomeMatrix.Normal(1, 1300, seed: 2).view(-1));
        var x = SomeMatrix.Normal(5, 8, seed: 3);

        Assert.True(new WeightProducts(2).Of(linear, x).sub(linear.Forward(x)).abs().max().item<float>() < 1e-5);
    }

    private static int[][] Ids(SafetensorsFile golden)
    {
        var shape = golden.Tensors["input_ids"].Shape;
        var ids = MemoryMarshal.Cast<byte, long>(golden.Bytes("input_ids", 0, (int)golden.Tensors["input_ids"].ByteLength)).ToArray();
        return [.. ids.Chunk((int)shape[1]).Select(sequence => Array.ConvertAll(sequence, id => (int)id))];
    }

    private static void AssertClose(SafetensorsFile golden, string name, int sequence, torch.Tensor actual)
    {
        var expected = new float[actual.numel()];
        golden.ReadRows(name, sequence, expected);
        var largest = actual.data<float>().ToArray().Zip(expected, (a, e) => Math.Abs((double)a - e)).Max();
        Assert.True(largest <= Tolerance, $"{name} of sequence {sequence} is off by {largest:g3}");
    }
}
