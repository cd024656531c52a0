namespace Eckart.Models;

/// <summary>What a family's <c>config.json</c> calls things; null where the family has no such key.</summary>
public sealed record ConfigKeys
{
    /// <summary>Number of layers.</summary>
    public required string Layers { get; init; }

    /// <summary>Hidden size.</summary>
    public required string Hidden { get; init; }

    /// <summary>Query heads.</summary>
    public required string Heads { get; init; }

    /// <summary>Key-value heads; absent: as many as query heads.</summary>
    public string? KeyValueHeads { get; init; }

    /// <summary>Head size; absent: hidden size over heads.</summary>
    public string? HeadSize { get; init; }

    /// <summary>Inner size of the MLP; absent or null: four times the hidden size where <see cref="MlpSizeDefaults"/>.</summary>
    public required string MlpSize { get; init; }

    /// <summary>Whether the MLP's size has a default.</summary>
    public bool MlpSizeDefaults { get; init; }

    /// <summary>Positions.</summary>
    public required string MaxPositions { get; init; }

    /// <summary>ε of the norms.</summary>
    public required string NormEpsilon { get; init; }

    /// <summary>Activation.</summary>
    public required string Activation { get; init; }

    /// <summary>Biases on the four attention projections.</summary>
    public string? AttentionBias { get; init; }

    /// <summary>Biases on the MLP's matrices.</summary>
    public string? MlpBias { get; init; }

    /// <summary>Rotated dimensions of a head; a family without the key rotates all of them.</summary>
    public string? RotarySize { get; init; }

    /// <summary>Rotated dimensions where the key is absent; null: all of them.</summary>
    public int? RotarySizeDefault { get; init; }
}
