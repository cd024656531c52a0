namespace Eckart.Models;

/// <summary>The matrices of a layer that can be edited; each is a <see cref="Part"/> of the same value.</summary>
public enum Projection
{
    /// <summary>Query, (H·D, C).</summary>
    Query = Part.Query,

    /// <summary>Key, (K·D, C): a grouped matrix is handled as it is.</summary>
    Key = Part.Key,

    /// <summary>Value, (K·D, C).</summary>
    Value = Part.Value,

    /// <summary>Attention output, (C, H·D).</summary>
    Output = Part.Output,

    /// <summary>Gate of a gated MLP, (F, C).</summary>
    Gate = Part.Gate,

    /// <summary>Up, (F, C).</summary>
    Up = Part.Up,

    /// <summary>Down, (C, F).</summary>
    Down = Part.Down,
}
