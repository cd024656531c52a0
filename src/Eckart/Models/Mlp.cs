using static TorchSharp.torch;

namespace Eckart.Models;

/// <summary>The two kinds of MLP: down(act(gate x) · up x) and down(act(up x)).</summary>
internal sealed class Mlp(ModelSpec spec, IReadOnlyDictionary<Projection, Linear> projections)
{
    /// <summary>Token by token.</summary>
    /// <param name="x">(T, C), normalised.</param>
    /// <param name="products">How they are taken.</param>
    /// <returns>(T, C), fresh.</returns>
    public Tensor Forward(Tensor x, WeightProducts products)
    {
        using var scope = NewDisposeScope();
        var up = products.Of(projections[Projection.Up], x);                     // (T, F)
        var inner = spec.Family.Gated
            ? Activations.Apply(spec.Activation, products.Of(projections[Projection.Gate], x)).mul_(up)
            : Activations.Apply(spec.Activation, up);
        return products.Of(projections[Projection.Down], inner).MoveToOuterDisposeScope();
    }
}
