using Eckart.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Eckart.Engine.Walking;

/// <summary>The weights of a model in memory.</summary>
/// <param name="model">Still the caller's.</param>
internal sealed class ResidentWeights(CausalLm model) : ILayerWeights
{
    /// <inheritdoc/>
    public ModelSpec Spec => model.Spec;

    /// <inheritdoc/>
    public ComputeOptions Compute => model.Compute;

    /// <inheritdoc/>
    public bool Resident => true;

    /// <inheritdoc/>
    public long Bytes => BytesOf(Spec, Compute);

    /// <inheritdoc/>
    public Norm FinalNorm => model.FinalNorm;

    /// <inheritdoc/>
    public DecoderLayer Layer(int index) => model.Layers[index];

    /// <inheritdoc/>
    public void Embed(int[] ids, int[] positions, Tensor states)
    {
        using var scope = NewDisposeScope();
        states.copy_(Rows(model.Embedding, ids));
        if (model.Positions is { } learned) states.Plus(Rows(learned, positions));
    }

    /// <inheritdoc/>
    public Tensor Head(int first, int rows) => model.Head.Weight.narrow(0, first, rows);

    /// <inheritdoc/>
    public Tensor? HeadBias(int first, int rows) => model.Head.Bias?.narrow(0, first, rows).to(float32);

    /// <summary>What the matrices of a model take.</summary>
    public static long BytesOf(ModelSpec spec, ComputeOptions compute) =>
        (spec.MultipliedParameters + (spec.TiedHead ? 0 : (long)spec.Vocabulary * spec.Hidden)) * compute.DType.ElementSize();

    private Tensor Rows(Tensor matrix, int[] rows) => matrix.index_select(0, tensor(Array.ConvertAll(rows, row => (long)row)).to(Compute.Device));

    /// <summary>Nothing: the model is its owner's.</summary>
    public void Dispose()
    {
    }
}
