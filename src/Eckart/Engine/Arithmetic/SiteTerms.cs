using Eckart.Models;
using Eckart.Pruning;
using TorchSharp;

namespace Eckart.Engine.Arithmetic;

/// <summary>The factors of one matrix where products are taken: W = Left · Right, and its truncation to rank r the first r terms.</summary>
internal sealed class SiteTerms : IDisposable
{
    /// <summary>Columns of Right · x that are computed at once. Fixed, so that a rate's digits do not depend on the other rates.</summary>
    public const int BlockColumns = 64;

    private readonly SpectralFactors factors;
    private readonly ComputeOptions compute;

    /// <param name="factors">In float32 on the CPU; owned by this from here on.</param>
    /// <param name="compute">Device and dtype of the products.</param>
    public SiteTerms(SpectralFactors factors, ComputeOptions compute)
    {
        (this.factors, this.compute) = (factors, compute);
        using var scope = torch.NewDisposeScope();
        Left = There(factors.Left);
        Right = There(factors.Right);
    }

    /// <summary>(m, k).</summary>
    public torch.Tensor Left { get; }

    /// <summary>(k, n).</summary>
    public torch.Tensor Right { get; }

    /// <summary>m.</summary>
    public int Outputs => (int)Left.shape[0];

    /// <summary>n.</summary>
    public int Inputs => (int)Right.shape[1];

    /// <summary>k.</summary>
    public int Count => (int)Right.shape[0];

    /// <summary>Bytes held.</summary>
    public long Bytes => (Left.numel() + Right.numel()) * (sizeof(float) + (compute.DType == torch.float32 ? 0 : Left.dtype.ElementSize()));

    /// <summary>The truncated matrix itself, (m, n); the caller's.</summary>
    public torch.Tensor Dense(int rank)
    {
        using var scope = torch.NewDisposeScope();
        return There(factors.Truncate(rank));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Left.Dispose();
        Right.Dispose();
        factors.Dispose();
    }

    private torch.Tensor There(torch.Tensor tensor) =>
        (tensor.dtype == compute.DType && compute.Device.type == DeviceType.CPU ? tensor.alias() : tensor.to(compute.DType, compute.Device)).DetachFromDisposeScope();
}
