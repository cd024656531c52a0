using System.Collections.Immutable;
using Eckart.Models;
using Eckart.Pruning;

namespace Eckart.Engine.Walking;

/// <summary>Everything that an intervention does to one layer.</summary>
/// <param name="Layer">Zero-based.</param>
/// <param name="Dropped">Whether the layer is left out.</param>
/// <param name="Rates">The truncated matrices.</param>
/// <param name="First">Whether no earlier layer is edited: its input is then the unedited model's.</param>
internal sealed record LayerEdit(int Layer, bool Dropped, ImmutableSortedDictionary<Projection, ClippingRate> Rates, bool First)
{
    /// <summary>Where a pass first differs.</summary>
    public EditPoint Point => Dropped || Edits(Projection.Query, Projection.Key, Projection.Value) ? EditPoint.Heads
        : Edits(Projection.Output) ? EditPoint.Output
        : Edits(Projection.Gate, Projection.Up) ? EditPoint.Inner
        : EditPoint.Down;

    /// <summary>Whether keys or values differ from those of the unedited layer at the same input.</summary>
    public bool ChangesKeys => Edits(Projection.Key, Projection.Value);

    /// <summary>Whether the unedited product by a matrix is at hand: where an intervention's first edit is, at the matrices that see the same input in both.</summary>
    public bool IsBeside(Projection projection) =>
        First && (Point, projection) is (EditPoint.Heads, Projection.Query or Projection.Key or Projection.Value) or (EditPoint.Inner, Projection.Gate or Projection.Up);

    /// <summary>What an intervention does, layer by layer from the first.</summary>
    /// <param name="intervention">Resolved.</param>
    /// <param name="spec">Of the model.</param>
    public static ImmutableArray<LayerEdit> Of(Intervention intervention, ModelSpec spec)
    {
        var truncations = intervention.Truncations(spec).ToLookup(one => one.Site.Layer, one => KeyValuePair.Create(one.Site.Projection, one.Rate));
        var dropped = intervention.Edits.OfType<LayerDrop>().Select(drop => drop.Layer).ToHashSet();
        return [.. truncations.Select(group => group.Key).Union(dropped).Order()
            .Select((layer, i) => new LayerEdit(layer, dropped.Contains(layer), truncations[layer].ToImmutableSortedDictionary(), First: i == 0))];
    }

    /// <summary>Whether the same is done.</summary>
    public bool Equals(LayerEdit? other) => other is not null && (Layer, Dropped, First) == (other.Layer, other.Dropped, other.First) && Rates.SequenceEqual(other.Rates);

    /// <inheritdoc/>
    public override int GetHashCode() => Rates.Aggregate(HashCode.Combine(Layer, Dropped), (hash, rate) => HashCode.Combine(hash, rate.Key, rate.Value));

    private bool Edits(params ReadOnlySpan<Projection> projections)
    {
        foreach (var projection in projections)
            if (Rates.ContainsKey(projection)) return true;
        return false;
    }
}

/// <summary>Places in a layer where a branch can leave the pass that it shares.</summary>
internal enum EditPoint
{
    /// <summary>Queries, keys and values; or the layer left out.</summary>
    Heads,

    /// <summary>The attention output.</summary>
    Output,

    /// <summary>Gate and up.</summary>
    Inner,

    /// <summary>Down.</summary>
    Down,
}
