using System.Collections.Immutable;
using Eckart.Pruning;

namespace Eckart.Theory.Tracing;

/// <summary>A prompt's demonstrations as patches of a model's layers, under one intervention.</summary>
/// <param name="Intervention">Resolved for the model.</param>
/// <param name="Layers">In order.</param>
public sealed record ModelPatch(Intervention Intervention, ImmutableArray<LayerPatch> Layers)
{
    /// <summary>The largest error of any layer, patched alone or with those below it.</summary>
    public double LargestError => Layers.Max(layer => Math.Max(layer.Error, layer.TogetherError));
}
