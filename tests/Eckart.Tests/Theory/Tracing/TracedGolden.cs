using System.Runtime.InteropServices;
using Eckart.Formats.Safetensors;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tests.Support;
using Eckart.Theory.Tracing;
using TorchSharp;

namespace Eckart.Tests.Theory.Tracing;

/// <summary>A golden checkpoint with a prompt of its tokens, and the hidden states that the reference implementation has there.</summary>
internal sealed class TracedGolden : IDisposable
{
    private readonly SafetensorsFile golden;
    private readonly Checkpoint checkpoint;

    public TracedGolden(string name)
    {
        var folder = Shared.Find($"golden/checkpoints/{name}");
        golden = SafetensorsFile.Open(Path.Combine(folder, "golden.safetensors"));
        checkpoint = Checkpoint.Open(folder);
        Model = CausalLm.Load(checkpoint, ComputeOptions.Cpu);
        Editor = new WeightEditor(Model, SvdKind.Exact, seed: 0);
        var ids = MemoryMarshal.Cast<byte, long>(golden.Bytes("input_ids", 0, (int)golden.Tensors["input_ids"].ByteLength)).ToArray();
        Prompt = new TracedPrompt("golden", Array.ConvertAll(ids[..(int)golden.Tensors["input_ids"].Shape[1]], id => (int)id), 1, [9, 20, 30]);
    }

    public CausalLm Model { get; }

    public WeightEditor Editor { get; }

    /// <summary>A leading token, three demonstrations of 8, 11 and 10 tokens, a query of 7.</summary>
    public TracedPrompt Prompt { get; }

    public DenseOracle Layer(int number) => new(Model, number, States(number));

    /// <summary>(T, C): the input of a layer.</summary>
    public double[][] States(int layer)
    {
        var values = new float[Prompt.Ids.Length * Model.Spec.Hidden];
        golden.ReadRows($"hidden.{layer}", 0, values);
        return [.. Array.ConvertAll(values, value => (double)value).Chunk(Model.Spec.Hidden)];
    }

    public ModelTrace Trace(string intervention = "none", LinearForm form = LinearForm.FirstOrder) =>
        new GradientTracer(Model, Editor, form).Trace(Prompt, Intervention.Parse(intervention).Resolve(Model.Spec), null, CancellationToken.None);

    /// <summary>Singular values by libtorch's own decomposition of the matrix in full.</summary>
    public static double[] Spectrum(double[][] matrix)
    {
        using var scope = torch.NewDisposeScope();
        return TensorMemory.ValuesOf<double>(torch.linalg.svdvals(torch.tensor(matrix.SelectMany(row => row).ToArray()).view(matrix.Length, -1)));
    }

    public void Dispose()
    {
        Editor.Dispose();
        Model.Dispose();
        checkpoint.Dispose();
        golden.Dispose();
    }
}
