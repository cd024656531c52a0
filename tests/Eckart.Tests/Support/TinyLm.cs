using Eckart.Engine;
using Eckart.Models;
using Eckart.Pruning;
using TorchSharp;

namespace Eckart.Tests.Support;

/// <summary><see cref="TinyModel"/> in memory, with all that edits and scores it.</summary>
internal sealed class TinyLm : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public TinyLm(Action<Dictionary<string, (long[] Shape, float[] Values)>>? changeWeights = null, int workers = 2, SvdKind svd = SvdKind.Exact, long seed = 0)
    {
        Checkpoint = Checkpoint.Open(TinyModel.Write(folder, changeWeights: changeWeights));
        Model = CausalLm.Load(Checkpoint, ComputeOptions.Cpu with { Workers = workers });
        Editor = new WeightEditor(Model, svd, seed);
        Engine = new ReferenceEngine(Model, Editor);
    }

    public Checkpoint Checkpoint { get; }

    public CausalLm Model { get; }

    public WeightEditor Editor { get; }

    public ReferenceEngine Engine { get; }

    /// <summary>An intervention by its notation, resolved.</summary>
    public Intervention Resolve(string intervention) => Intervention.Parse(intervention).Resolve(Model.Spec);

    /// <summary>The bits of the logits of a few tokens: equal where every operation got and gave the very same numbers.</summary>
    public int[] LogitBits(params int[] ids) => Bits(Model, ids.Length == 0 ? [11, 250, 3, 77, 11] : ids);

    /// <summary>The bits of the logits under an intervention.</summary>
    public int[] LogitBitsUnder(string intervention)
    {
        using var edit = Editor.Apply(Resolve(intervention));
        return LogitBits();
    }

    public static int[] Bits(CausalLm model, int[] ids)
    {
        using var scope = torch.NewDisposeScope();
        return Array.ConvertAll(model.Logits(model.HiddenStates(ids)).data<float>().ToArray(), BitConverter.SingleToInt32Bits);
    }

    public void Dispose()
    {
        Editor.Dispose();
        Model.Dispose();
        Checkpoint.Dispose();
        folder.Dispose();
    }
}
