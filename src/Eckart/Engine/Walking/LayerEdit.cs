using System.Collections.Immutable;
using Eckart.Models;
using Eckart.Pruning;

namespace Eckart.Engine.Walking;

/// <summary>Everything that an intervention does to one layer.</summary>
/// <param name="Layer">Zero-based.</param>
/// <param name="Dropped">Whether the layer is left out.</param>
/// <param name="Rates">The truncated matrices, in the order of <see cref="Projection"/>, each once.</param>
/// <param name="First">Whether no earlier layer is edited: its input is then the unedited model's.</param>
internal sealed record LayerEdit(int Layer, bool Dropped, ImmutableArray<(Projection Projection, ClippingRate Rate)> Rates, bool First)
{
    /// <summary>Where a pass first differs.</summary>
    public EditPoint Point => Dropped || Edits(Projection.Query, Projection.Key, Projection.Value) ? EditPoint.Heads
        : Edits(Projection.Output) ? EditPoint.Output
        : Edits(Projection.Gate, Projection.Up) ? EditPoint.Inner
        : EditPoint.Down;

    /// <summary>The rate at which a matrix is truncated; null where it is not.</summary>
    public ClippingRate? RateOf(Projection projection)
    {
        foreach (var (there, rate) in Rates)
            if (there == projection) return rate;
        return null;
    }

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
        return [.. intervention.Edits.GroupBy(edit => edit.Layer).OrderBy(group => group.Key)
            .Select((group, i) => new LayerEdit(group.Key, group.Any(edit => edit is LayerDrop), RatesOf(group, spec), First: i == 0))];
    }

    /// <summary>Whether the same is done.</summary>
    public bool Equals(LayerEdit? other) => other is not null && (Layer, Dropped, First) == (other.Layer, other.Dropped, other.First) && Rates.AsSpan().SequenceEqual(other.Rates.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Rates.Aggregate(HashCode.Combine(Layer, Dropped), HashCode.Combine);

    private static ImmutableArray<(Projection, ClippingRate)> RatesOf(IEnumerable<Edit> edits, ModelSpec spec) =>
        [.. from truncation in edits.OfType<Truncation>() from projection in truncation.Module.In(spec) orderby projection select (projection, truncation.Rate)];

    private bool Edits(params ReadOnlySpan<Projection> projections)
    {
        foreach (var projection in projections)
            if (RateOf(projection) is not null) return true;
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
