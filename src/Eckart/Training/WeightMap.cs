using System.Runtime.InteropServices;
using Eckart.Engine.Kernels;
using Eckart.Models;
using Eckart.Training.Kernels;
using static TorchSharp.torch;

namespace Eckart.Training;

/// <summary>A weight matrix with its bias, if it has one, as a map of rows and back. Packed once a step, for all workers.</summary>
/// <remarks>Where vectors are short, and for products in bfloat16, libtorch multiplies.</remarks>
internal sealed unsafe class WeightMap : IDisposable
{
    private const int CacheLine = 64;

    private readonly Matrix weight;
    private readonly Matrix? bias;
    private readonly ScalarType products;
    private readonly float* forward;        // panels of W, or null where libtorch multiplies
    private readonly float* backward;       // panels of Wᵀ

    /// <param name="weight">W, (outputs, inputs); its memory is the caller's.</param>
    /// <param name="bias">(1, outputs), or null.</param>
    /// <param name="products">Type of the products.</param>
    public WeightMap(Matrix weight, Matrix? bias, ScalarType products)
    {
        (this.weight, this.bias, this.products) = (weight, bias, products);
        if (products != float32 || !PackedProduct.Pays) return;
        forward = Panels(weight.Rows, weight.Columns);
        backward = Panels(weight.Columns, weight.Rows);
    }

    /// <summary>Whether there is a bias.</summary>
    public bool HasBias => bias is not null;

    /// <summary>Packs W anew, after it changed.</summary>
    public void Refresh()
    {
        if (forward == null) return;
        for (var panel = 0; panel < PackedProduct.Panels(weight.Rows); panel++) PackedProduct.Pack(weight.Start, weight.Columns, weight.Rows, weight.Columns, panel, forward);

        // Panels of Wᵀ hold W's own rows, 64 columns of each.
        var to = backward;
        for (var first = 0; first < weight.Columns; first += PackedProduct.PanelWidth)
            for (var row = 0; row < weight.Rows; row++, to += PackedProduct.PanelWidth)
            {
                var columns = weight.Row(row)[first..Math.Min(first + PackedProduct.PanelWidth, weight.Columns)];
                columns.CopyTo(new Span<float>(to, PackedProduct.PanelWidth));
                new Span<float>(to, PackedProduct.PanelWidth)[columns.Length..].Clear();
            }
    }

    /// <summary>y (+)= x Wᵀ + b.</summary>
    public void Forward(Matrix x, Matrix y, bool accumulate, WorkMemory memory)
    {
        if (bias is { } b)
        {
            for (var row = 0; row < y.Rows; row++)
                if (accumulate) RowSum.Add(b.Start, 1, b.Columns, y.Start + ((nint)row * y.Columns));
                else b.Values.CopyTo(y.Row(row));
        }

        accumulate |= bias is not null;
        if (forward != null) Multiply(x, forward, y, accumulate, memory);
        else ByLibtorch(() => (x.View(), weight.View().t()), y, accumulate);
    }

    /// <summary>x' (+)= y' W: the gradient by x.</summary>
    public void Backward(Matrix given, Matrix toX, bool accumulate, WorkMemory memory)
    {
        if (backward != null) Multiply(given, backward, toX, accumulate, memory);
        else ByLibtorch(() => (given.View(), weight.View()), toX, accumulate);
    }

    /// <summary>W' += y'ᵀ x, b' += Σ y': the gradients by the weight and the bias.</summary>
    public void AddGradient(Matrix x, Matrix given, Matrix toWeight, Matrix? toBias, WorkMemory memory)
    {
        if (toBias is { } b) RowSum.Add(given.Start, given.Rows, given.Columns, b.Start);
        if (forward != null) WeightGradient.Add(x.Start, given.Start, toWeight.Start, x.Rows, x.Columns, given.Columns, memory.Spare(WeightGradient.SpareFloats(x.Rows, given.Columns)));
        else ByLibtorch(() => (given.View().t(), x.View()), toWeight, accumulate: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(forward);
        NativeMemory.AlignedFree(backward);
    }

    private static float* Panels(int outputs, int inner) =>
        (float*)NativeMemory.AlignedAlloc((nuint)PackedProduct.Panels(outputs) * (nuint)inner * PackedProduct.PanelWidth * sizeof(float), CacheLine);

    private static void Multiply(Matrix x, float* panels, Matrix y, bool accumulate, WorkMemory memory) => PackedProduct.Multiply(
        x.Start, x.Columns, x.Rows, panels, x.Columns, 0, x.Columns, y.Columns, y.Start, y.Columns, accumulate, memory.Spare(PackedProduct.SpareFloats(x.Columns)));

    private void ByLibtorch(Func<(Tensor Left, Tensor Right)> factors, Matrix to, bool accumulate)
    {
        using var scope = NewDisposeScope();
        var (left, right) = factors();
        var product = left.to(products).mm(right.to(products)).to(float32);

        // Not by add_, whose factor is a scalar that may be freed while libtorch reads it.
        if (accumulate) RowSum.Add((float*)TensorMemory.AddressOf(product), 1, to.Values.Length, to.Start);
        else to.View().copy_(product);
    }
}
