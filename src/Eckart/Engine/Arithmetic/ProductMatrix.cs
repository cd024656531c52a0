using Eckart.Engine.Kernels;
using Eckart.Models;
using TorchSharp;

namespace Eckart.Engine.Arithmetic;

/// <summary>A matrix W that inputs are multiplied by: as it is stored, and packed for the kernel where that pays.</summary>
/// <param name="stored">(outputs, inner), the products' dtype; still the caller's.</param>
internal sealed unsafe class ProductMatrix(torch.Tensor stored) : IDisposable
{
    /// <summary>Fewer rows than this are left to the libraries: packing would cost more than it saves.</summary>
    public const int LeastRows = 48;

    private Rows? panels;

    /// <summary>(outputs, inner).</summary>
    public torch.Tensor Stored => stored;

    /// <summary>Rows of W.</summary>
    public int Outputs => (int)stored.shape[0];

    /// <summary>Columns of W.</summary>
    public int Inner => (int)stored.shape[1];

    /// <summary>Panels to pack; none where packing does not pay.</summary>
    public int Panels => stored.dtype == torch.ScalarType.Float32 && stored.device_type == DeviceType.CPU && stored.stride(1) == 1 && PackedProduct.Pays ? PackedProduct.Panels(Outputs) : 0;

    /// <summary>Makes room for the panels; each is then to be packed.</summary>
    public ProductMatrix MakeRoom(BufferPool pool)
    {
        if (Panels > 0) panels ??= new Rows(pool, (long)Panels * Inner, PackedProduct.PanelWidth);
        return this;
    }

    /// <summary>Packs one panel; several workers may pack others at once.</summary>
    public void Pack(int panel) => PackedProduct.Pack(Floats(stored), (nint)stored.stride(0), Outputs, Inner, panel, Floats(panels!.Matrix));

    /// <summary>Makes room and packs all panels.</summary>
    public ProductMatrix PackAll(BufferPool pool)
    {
        MakeRoom(pool);
        for (var panel = 0; panel < Panels; panel++) Pack(panel);
        return this;
    }

    /// <summary>y (+)= a · W[outputs, inner]ᵀ of some of its rows and columns.</summary>
    /// <param name="scratch">The worker's.</param>
    /// <param name="y">(rows, outputs.Count); written.</param>
    /// <param name="a">(rows, inner.Count).</param>
    /// <param name="outputs">Rows of W: all, or one block of <see cref="SiteTerms.BlockColumns"/> of them.</param>
    /// <param name="inner">Columns of W.</param>
    /// <param name="add">Whether to add to y.</param>
    public void Multiply(Scratch scratch, torch.Tensor y, torch.Tensor a, (int First, int Count) outputs, (int First, int Count) inner, bool add)
    {
        scratch.Count(a.shape[0], inner.Count, outputs.Count);
        if (panels is null || a.shape[0] < LeastRows)
        {
            using var scope = torch.NewDisposeScope();
            y.addmm_(a, stored.narrow(0, outputs.First, outputs.Count).narrow(1, inner.First, inner.Count).t(), add ? 1 : 0, 1);
            return;
        }

        PackedProduct.Multiply(
            Floats(a), (nint)a.stride(0), (int)a.shape[0],
            Floats(panels.Matrix) + ((nint)outputs.First * Inner), Inner, inner.First, inner.Count, outputs.Count,
            Floats(y), (nint)y.stride(0), add, scratch.Floats(ScratchUse.Product, PackedProduct.SpareFloats(inner.Count)));
    }

    /// <summary>The same by the whole matrix.</summary>
    public void Multiply(Scratch scratch, torch.Tensor y, torch.Tensor a, bool add) => Multiply(scratch, y, a, (0, Outputs), (0, Inner), add);

    /// <inheritdoc/>
    public void Dispose() => panels?.Dispose();

    private static float* Floats(torch.Tensor tensor) => (float*)TensorMemory.AddressOf(tensor);
}
