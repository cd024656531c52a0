using TorchSharp;

namespace Eckart.Models;

/// <summary>Memory that layers are read into one after another: what is allocated anew for each layer does not all come back to the system.</summary>
internal sealed class LayerSlot : IDisposable
{
    private readonly Dictionary<Part, torch.Tensor> weights = [];
    private torch.Tensor? staging;

    /// <summary>Reads a matrix.</summary>
    /// <param name="part">Whose memory; every layer's has the same shape.</param>
    /// <param name="stored">The matrix.</param>
    /// <param name="compute">Device and dtype that it is wanted in.</param>
    /// <returns>A view of this slot's memory, valid until the next layer is read; the caller disposes the view.</returns>
    public torch.Tensor Read(Part part, StoredTensor stored, ComputeOptions compute)
    {
        if (!weights.TryGetValue(part, out var target)) weights[part] = target = torch.empty(stored.Layout.Shape, compute.DType, compute.Device).DetachFromDisposeScope();
        if (stored.Layout.IsWhole && compute.DType == torch.float32 && compute.Device.type == DeviceType.CPU)
        {
            stored.ReadStored(target, compute.Workers);
            return target.alias().DetachFromDisposeScope();
        }

        stored.ReadPart(target, Staging(stored.StoredElements), compute.Workers);
        return target.alias().DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var weight in weights.Values) weight.Dispose();
        staging?.Dispose();
    }

    private torch.Tensor Staging(long elements)
    {
        if (staging is null || staging.numel() < elements)
        {
            staging?.Dispose();
            staging = torch.empty(elements, torch.float32).DetachFromDisposeScope();
        }

        return staging;
    }
}
