namespace Eckart.Theory;

/// <summary>The matrices of an attention layer without output projection.</summary>
public enum AttentionMatrix
{
    /// <summary>W_V.</summary>
    Value,

    /// <summary>W_K.</summary>
    Key,

    /// <summary>W_Q.</summary>
    Query,
}
