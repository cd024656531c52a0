using System.Collections.Immutable;
using Eckart.Pruning;

namespace Eckart.Theory.Tracing;

/// <summary>The implicit gradients of a prompt's demonstrations under one intervention.</summary>
/// <param name="Intervention">Resolved for the model.</param>
/// <param name="Layers">In order.</param>
public sealed record ModelTrace(Intervention Intervention, ImmutableArray<LayerTrace> Layers)
{
    /// <summary>Σ_t ‖G_t‖².</summary>
    public double GradientEnergy => Layers.Sum(layer => layer.GradientNorm * layer.GradientNorm);
}
