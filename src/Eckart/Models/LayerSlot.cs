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
        var shape = stored.File.Tensors[stored.Name].Shape;
        if (!weights.TryGetValue(part, out var target)) weights[part] = target = torch.empty([.. shape], compute.DType, compute.Device).DetachFromDisposeScope();
        if (stored.HeadsInPairs == 0 && compute.DType == torch.float32 && compute.Device.type == DeviceType.CPU)
        {
            stored.ReadInto(target, compute.Workers);
            return target.alias().DetachFromDisposeScope();
        }

        using var scope = torch.NewDisposeScope();
        var plain = Staging(target.numel()).view(target.shape);
        stored.ReadInto(plain, compute.Workers);
        target.copy_(stored.HeadsInPairs == 0 ? plain : StoredTensor.InHalves(plain, stored.HeadsInPairs).reshape(target.shape));
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

        return staging.narrow(0, 0, elements);
    }
}
