using static TorchSharp.torch;

namespace Eckart.Models;

/// <summary>The two kinds of MLP: down(act(gate x) · up x) and down(act(up x)).</summary>
internal sealed class Mlp(ModelSpec spec, IReadOnlyDictionary<Projection, Linear> projections)
{
    /// <summary>Token by token.</summary>
    /// <param name="x">(T, C), normalised.</param>
    /// <returns>(T, C), fresh.</returns>
    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var up = projections[Projection.Up].Forward(x);                     // (T, F)
        var inner = spec.Family.Gated
            ? Activations.Apply(spec.Activation, projections[Projection.Gate].Forward(x)).mul_(up)
            : Activations.Apply(spec.Activation, up);
        return projections[Projection.Down].Forward(inner).MoveToOuterDisposeScope();
    }
}
