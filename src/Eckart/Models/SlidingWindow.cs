using System.Collections.Immutable;
using System.Globalization;

namespace Eckart.Models;

/// <summary>Layers in which a position attends to the last positions only.</summary>
/// <param name="Size">w: position i attends to i − w + 1 … i.</param>
/// <param name="FirstLayer">The first such layer; all behind it are too.</param>
/// <param name="Layers">Layer by layer, where a checkpoint says so instead; empty where it does not.</param>
public sealed record SlidingWindow(int Size, int FirstLayer, ImmutableArray<bool> Layers)
{
    /// <summary>Positions that a position of a layer attends to, itself included; 0 for all before it.</summary>
    public int Of(int layer) => (Layers.IsEmpty ? layer >= FirstLayer : Layers[layer]) ? Size : 0;

    /// <summary>As reports write it.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Size} in {(!Layers.IsEmpty ? $"layers {string.Join(", ", Layers.Select((has, layer) => (has, layer)).Where(one => one.has).Select(one => one.layer))}" : FirstLayer == 0 ? "every layer" : $"layers from {FirstLayer}")}");
}
