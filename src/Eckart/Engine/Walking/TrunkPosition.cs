namespace Eckart.Engine.Walking;

/// <summary>A place in a pass.</summary>
/// <param name="Layer">Zero-based.</param>
/// <param name="BehindAttention">Between the layer's attention and its MLP; otherwise before the layer.</param>
internal readonly record struct TrunkPosition(int Layer, bool BehindAttention) : IComparable<TrunkPosition>
{
    /// <summary>Before the first layer.</summary>
    public static TrunkPosition Start { get; } = new(0, false);

    /// <summary>The last place that an edit leaves as it is.</summary>
    /// <param name="edit">The first of an intervention.</param>
    /// <param name="parallel">Whether attention and MLP read the same input, so that there is no place between them.</param>
    public static TrunkPosition Of(LayerEdit edit, bool parallel) => new(edit.Layer, !parallel && edit.Point >= EditPoint.Inner);

    /// <inheritdoc/>
    public int CompareTo(TrunkPosition other) => (Layer, BehindAttention).CompareTo((other.Layer, other.BehindAttention));
}
