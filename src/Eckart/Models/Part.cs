namespace Eckart.Models;

/// <summary>The parts of a decoder that hold weights, under one name whatever a checkpoint calls them.</summary>
public enum Part
{
    /// <summary>Token embedding, (V, C).</summary>
    Embedding,

    /// <summary>Norm after the last layer, (C).</summary>
    FinalNorm,

    /// <summary>Language-model head, (V, C); the embedding itself where the two are tied.</summary>
    Head,

    /// <summary>Learned embedding of positions, (positions, C), in families that rotate nothing.</summary>
    Positions,

    /// <summary>Norm before a layer's attention (and its MLP where the residual is parallel), (C).</summary>
    AttentionNorm,

    /// <summary>Norm before a layer's MLP, (C).</summary>
    MlpNorm,

    /// <summary>Query projection, (H·D, C).</summary>
    Query,

    /// <summary>Key projection, (K·D, C).</summary>
    Key,

    /// <summary>Value projection, (K·D, C).</summary>
    Value,

    /// <summary>Attention output projection, (C, H·D).</summary>
    Output,

    /// <summary>Gate of a gated MLP, (F, C).</summary>
    Gate,

    /// <summary>Up projection of the MLP, (F, C).</summary>
    Up,

    /// <summary>Down projection of the MLP, (C, F).</summary>
    Down,

    /// <summary>Norm of each query head before its rotation, (D).</summary>
    QueryNorm,

    /// <summary>Norm of each key head before its rotation, (D).</summary>
    KeyNorm,
}
