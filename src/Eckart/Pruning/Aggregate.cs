namespace Eckart.Pruning;

/// <summary>How the indicators of a module's matrices become one number a layer.</summary>
public enum Aggregate
{
    /// <summary>The largest.</summary>
    Max,

    /// <summary>The arithmetic mean.</summary>
    Mean,

    /// <summary>The median.</summary>
    Median,

    /// <summary>The geometric mean.</summary>
    Geometric,
}
