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

    // 600 tokens are three blocks of an MLP's rows.
    [Fact]
    public void What_is_seen_on_the_way_does_not_depend_on_the_number_of_workers()
    {
        int[] ids = [.. Enumerable.Range(0, 600).Select(i => (i * 37) % 251)];
        using var one = new TinyLm(workers: 1);
        using var three = new TinyLm(workers: 3);
        using var scope = torch.NewDisposeScope();

        var (seen, same, plain) = (one.Model.HiddenStates(ids, (_, _) => { }), three.Model.HiddenStates(ids, (_, _) => { }), one.Model.HiddenStates(ids));

        Assert.Equal(SomeMatrix.Bits(seen), SomeMatrix.Bits(same));
        Assert.True(seen.sub(plain).abs().max().item<float>() < 1e-4);
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
