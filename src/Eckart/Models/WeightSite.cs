namespace Eckart.Models;

/// <summary>One editable matrix: layer × projection.</summary>
/// <param name="Layer">Zero-based layer.</param>
/// <param name="Projection">Which matrix of the layer.</param>
public readonly record struct WeightSite(int Layer, Projection Projection)
{
    /// <summary>As reports and error messages name it, e.g. <c>down@30</c>.</summary>
    public override string ToString() => $"{Projection.ToString().ToLowerInvariant()}@{Layer}";
}
