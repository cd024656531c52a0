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

    /// <summary>Head size; absent: <see cref="HeadSizeDefault"/>.</summary>
    public string? HeadSize { get; init; }

    /// <summary>Head size where the key is absent; null: hidden size over heads.</summary>
    public int? HeadSizeDefault { get; init; }

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

    /// <summary>Share of a head's dimensions that is rotated, in the older dialect; <c>rope_parameters</c> has it as <c>partial_rotary_factor</c>. A family without the key rotates all of them.</summary>
    public string? RotaryShare { get; init; }

    /// <summary>That share where neither key is there.</summary>
    public double RotaryShareDefault { get; init; } = 1;

    /// <summary>Base of the rotary frequencies, in the older dialect.</summary>
    public string RotaryBase { get; init; } = "rope_theta";

    /// <summary>Whether attention and MLP read the same hidden states.</summary>
    public string? ParallelResidual { get; init; }

    /// <summary>Sliding window; absent: <see cref="WindowDefault"/>, null: none.</summary>
    public string? Window { get; init; }

    /// <summary>The window where the key is absent.</summary>
    public int? WindowDefault { get; init; }

    /// <summary>Whether the window counts at all; a family without the key always lets it.</summary>
    public string? UsesWindow { get; init; }

    /// <summary>The first layer with the window, where <c>layer_types</c> does not say; a family without the key has it in every layer.</summary>
    public string? FirstWindowLayer { get; init; }

    /// <summary>That layer where the key is absent.</summary>
    public int FirstWindowLayerDefault { get; init; }
}
