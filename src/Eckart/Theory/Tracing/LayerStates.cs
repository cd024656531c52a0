using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Theory.Tracing;

/// <summary>A layer's step at the last position, in float64 on the CPU; tensors belong to the caller's dispose scope.</summary>
/// <param name="Attended">(C): the residual with attention's output in it.</param>
/// <param name="Inner">(C): what the MLP reads.</param>
/// <param name="Output">(C): the layer's output.</param>
internal sealed record LayerStates(Tensor Attended, Tensor Inner, Tensor Output)
{
    /// <summary>Runs a layer.</summary>
    /// <param name="layer">One that is left out passes its input on.</param>
    /// <param name="x">(T, C): its input.</param>
    /// <param name="angles">Of the model's rotation, for T tokens.</param>
    public static LayerStates Of(DecoderLayer layer, Tensor x, (Tensor Cos, Tensor Sin) angles)
    {
        if (layer.Dropped) return new LayerStates(LastRow(x), LastRow(x), LastRow(x));
        using var scope = NewDisposeScope();
        var (attended, inner) = layer.Attend(x, angles);
        var (row, read) = (attended.narrow(0, x.shape[0] - 1, 1), inner.narrow(0, x.shape[0] - 1, 1));
        return new LayerStates(Kept(LastRow(row)), Kept(LastRow(read)), Kept(LastRow(layer.Finish(row, read))));
    }

    /// <summary>The last row.</summary>
    /// <param name="x">(T, C).</param>
    /// <returns>(C), float64 on the CPU, in the caller's dispose scope.</returns>
    public static Tensor LastRow(Tensor x) => x.select(0, x.shape[0] - 1).to(float64, CPU);

    private static Tensor Kept(Tensor tensor) => tensor.MoveToOuterDisposeScope();
}
