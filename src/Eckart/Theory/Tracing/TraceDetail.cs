namespace Eckart.Theory.Tracing;

/// <summary>How much of a layer is measured.</summary>
public enum TraceDetail
{
    /// <summary>Norms of updates, gradients and the chain, and inner products: what a bound takes. Everything else is NaN, and heads are empty.</summary>
    Norms,

    /// <summary>Effective ranks, shares, errors and every head too, which take decompositions of C × C and of each head.</summary>
    Heads,
}
