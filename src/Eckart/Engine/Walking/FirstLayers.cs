using Eckart.Models;
using TorchSharp;

namespace Eckart.Engine.Walking;

/// <summary>A model of another's first layers alone, between its embedding and its head: small enough to be timed.</summary>
/// <param name="all">Owned by this from here on.</param>
/// <param name="count">How many layers, 1 or more.</param>
internal sealed class FirstLayers(ILayerWeights all, int count) : ILayerWeights
{
    /// <inheritdoc/>
    public ModelSpec Spec { get; } = all.Spec with { Layers = count };

    /// <inheritdoc/>
    public ComputeOptions Compute => all.Compute;

    /// <inheritdoc/>
    public bool Resident => all.Resident;

    /// <inheritdoc/>
    public long Bytes => all.Bytes;

    /// <inheritdoc/>
    public Norm FinalNorm => all.FinalNorm;

    /// <inheritdoc/>
    public DecoderLayer Layer(int index) => all.Layer(index);

    /// <inheritdoc/>
    public void Embed(int[] ids, int[] positions, torch.Tensor states) => all.Embed(ids, positions, states);

    /// <inheritdoc/>
    public torch.Tensor Head(int first, int rows) => all.Head(first, rows);

    /// <inheritdoc/>
    public torch.Tensor? HeadBias(int first, int rows) => all.HeadBias(first, rows);

    /// <inheritdoc/>
    public void Dispose() => all.Dispose();
}
