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
    private readonly BufferPool pool;

    /// <param name="factors">In float32 on the CPU; owned by this from here on.</param>
    /// <param name="compute">Device and dtype of the products.</param>
    /// <param name="pool">For packing.</param>
    public SiteTerms(SpectralFactors factors, ComputeOptions compute, BufferPool pool)
    {
        (this.factors, this.compute, this.pool) = (factors, compute, pool);
        Left = new ProductMatrix(There(factors.Left)).PackAll(pool);
        Right = new ProductMatrix(There(factors.Right)).PackAll(pool);
    }

    /// <summary>(m, k).</summary>
    public ProductMatrix Left { get; }

    /// <summary>(k, n).</summary>
    public ProductMatrix Right { get; }

    /// <summary>m.</summary>
    public int Outputs => Left.Outputs;

    /// <summary>n.</summary>
    public int Inputs => Right.Inner;

    /// <summary>k.</summary>
    public int Count => Right.Outputs;

    /// <summary>The truncated matrix itself, (m, n); the caller disposes it and what it stores.</summary>
    public ProductMatrix Dense(int rank)
    {
        using var scope = torch.NewDisposeScope();
        return new ProductMatrix(There(factors.Truncate(rank))).PackAll(pool);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var factor in new[] { Left, Right })
        {
            factor.Dispose();
            factor.Stored.Dispose();
        }

        factors.Dispose();
    }

    private torch.Tensor There(torch.Tensor tensor) =>
        (tensor.dtype == compute.DType && compute.Device.type == DeviceType.CPU ? tensor.alias() : tensor.to(compute.DType, compute.Device)).DetachFromDisposeScope();
}
