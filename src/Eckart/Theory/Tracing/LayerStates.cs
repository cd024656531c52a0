using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Theory.Tracing;

/// <summary>A layer's step at the last position of a sequence, C numbers each.</summary>
/// <param name="Attended">The residual with attention's output in it.</param>
/// <param name="Inner">What the MLP reads.</param>
/// <param name="Output">The layer's output.</param>
internal sealed record LayerStates(double[] Attended, double[] Inner, double[] Output)
{
    /// <summary>Those of a layer that has run.</summary>
    /// <param name="pass">Still the caller's.</param>
    public static LayerStates Of(LayerPass pass) => new(LastRow(pass.Attended), LastRow(pass.Inner), LastRow(pass.Output));

    /// <summary>Runs a layer, its MLP at that position only.</summary>
    /// <param name="layer">One that is left out passes its input on.</param>
    /// <param name="x">(T, C): its input; still the caller's.</param>
    /// <param name="angles">Of the model's rotation, for T tokens.</param>
    public static LayerStates Of(DecoderLayer layer, Tensor x, (Tensor Cos, Tensor Sin) angles)
    {
        if (layer.Dropped) return new LayerStates(LastRow(x), LastRow(x), LastRow(x));
        using var scope = NewDisposeScope();
        var (attended, inner) = layer.Attend(x, angles, WeightProducts.Whole);
        var (row, read) = (attended.narrow(0, x.shape[0] - 1, 1), inner.narrow(0, x.shape[0] - 1, 1));
        return new LayerStates(LastRow(row), LastRow(read), LastRow(layer.Finish(row, read, WeightProducts.Whole)));
    }

    /// <summary>The last row of (T, C).</summary>
    public static double[] LastRow(Tensor x)
    {
        using var scope = NewDisposeScope();
        return TensorMemory.ValuesOf<double>(x.select(0, x.shape[0] - 1).to(float64));
    }
}
