namespace Eckart.Pruning;

/// <summary>One edit of one layer; prints in the notation of interventions.</summary>
/// <param name="Layer">Layer from 0; negative counts from the end until it is resolved against a model.</param>
public abstract record Edit(int Layer);

/// <summary>The paper's edit: truncate the SVD of every matrix of a module of one layer.</summary>
/// <param name="Module">Which matrices.</param>
/// <param name="Layer">Layer from 0; negative from the end.</param>
/// <param name="Rate">Share of singular values removed.</param>
public sealed record Truncation(Module Module, int Layer, ClippingRate Rate) : Edit(Layer)
{
    /// <summary><c>mlp@26:0.95</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Module}@{Layer}:{Rate}");
}

/// <summary>A layer left out as a whole (the paper's B.6).</summary>
/// <param name="Layer">Layer from 0; negative from the end.</param>
public sealed record LayerDrop(int Layer) : Edit(Layer)
{
    /// <summary><c>drop@26</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"drop@{Layer}");
}
