using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Theory.Tracing;

/// <summary>The change of a layer that takes the place of the demonstrations: ΔW = W (A(C, x) − A(x)) A(x)ᵀ / ‖A(x)‖² of each first matrix W of the MLP, and a shift of the residual.</summary>
/// <remarks>
/// <b>Source</b>: Dherin et al. 2025, arXiv 2507.16003, Theorem 2.2 and its form for a residual. A is what the MLP reads, so that (W + ΔW) A(x) = W A(C, x), bias or not.
/// <b>Deviation</b>: A is taken behind the norm before the MLP, and the shift is the difference of the whole residual there, r(C, x) − r(x): attention's output and whatever the layers below have made of the demonstrations.
/// In a parallel layer A is the norm of the layer's input, which its own attention does not change: its ΔW stems from the layers below, and is 0 in the first.
/// </remarks>
internal sealed class RankOnePatch
{
    private readonly DecoderLayer layer;
    private readonly double[] read;         // A(x)
    private readonly double[] change;       // A(C, x) − A(x)

    /// <param name="layer">With the weights in use; one that is left out has no first matrices.</param>
    /// <param name="with">Its step behind the demonstrations.</param>
    /// <param name="without">Its step without them; A(x) is not 0.</param>
    public RankOnePatch(DecoderLayer layer, LayerStates with, LayerStates without)
    {
        (this.layer, read) = (layer, without.Inner);
        change = Difference(with.Inner, without.Inner);
        Shift = Difference(with.Attended, without.Attended);
    }

    /// <summary>What is added to the residual, C numbers.</summary>
    public double[] Shift { get; }

    /// <summary>‖A(C, x) − A(x)‖ / ‖A(x)‖.</summary>
    public double InputChange => Math.Sqrt(Square(change) / Square(read));

    /// <summary>‖ΔW‖ and ‖W‖ of the first matrices together.</summary>
    public (double Change, double Weights) Norms()
    {
        using var scope = NewDisposeScope();
        var linears = First().ToArray();
        return (Math.Sqrt(linears.Sum(linear => Sum(Wide(linear).mv(tensor(change)))) / Square(read)), Math.Sqrt(linears.Sum(linear => Sum(Wide(linear)))));
    }

    /// <summary>Runs the layer with its patch in place, for all tokens of a sequence; its weights are as they were afterwards.</summary>
    /// <param name="x">(T, C): its input.</param>
    /// <param name="angles">Of the model's rotation, for T tokens.</param>
    /// <returns>(T, C), fresh, in the caller's dispose scope.</returns>
    public Tensor Forward(Tensor x, (Tensor Cos, Tensor Sin) angles)
    {
        using var scope = NewDisposeScope();
        var replaced = First().Select(linear => (Linear: linear, linear.Weight)).ToArray();
        try
        {
            foreach (var (linear, weight) in replaced) linear.Replace(Patched(linear).to(weight.dtype, weight.device));
            return layer.Forward(x, angles).add(tensor(Shift).to(x.dtype, x.device)).MoveToOuterDisposeScope();
        }
        finally
        {
            foreach (var (linear, weight) in replaced) linear.Replace(weight);
        }
    }

    private Tensor Patched(Linear linear)
    {
        var (wide, square) = (Wide(linear), Square(read));
        return wide.add(wide.mv(tensor(change)).outer(tensor(Array.ConvertAll(read, value => value / square))));
    }

    private IEnumerable<Linear> First() => layer.Dropped ? [] : new[] { Projection.Gate, Projection.Up }.Where(layer.Projections.ContainsKey).Select(projection => layer.Projections[projection]);

    private static Tensor Wide(Linear linear) => linear.Weight.to(float64, CPU);

    private static double[] Difference(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x - y)];

    private static double Square(double[] x) => x.Sum(value => value * value);

    private static double Sum(Tensor x)
    {
        using var scope = NewDisposeScope();
        return x.mul(x).sum().item<double>();
    }
}
