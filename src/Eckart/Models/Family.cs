using System.Collections.Immutable;

namespace Eckart.Models;

/// <summary>One row of the table of model families: everything that distinguishes a family, as data.</summary>
public sealed record Family
{
    /// <summary><c>model_type</c> of its <c>config.json</c>.</summary>
    public required string ModelType { get; init; }

    /// <summary>What people call it.</summary>
    public required string Title { get; init; }

    /// <summary>The class that reads it in transformers, as <c>config.json</c> names it.</summary>
    public required string Architecture { get; init; }

    /// <summary>Its configuration keys.</summary>
    public required ConfigKeys Keys { get; init; }

    /// <summary>Kind of every norm.</summary>
    public required NormKind Norm { get; init; }

    /// <summary>How attention and MLP join the residual, unless <see cref="ConfigKeys.ParallelResidual"/> says otherwise.</summary>
    public required ResidualLayout Residual { get; init; }

    /// <summary>Which dimensions are rotated together; null where positions are learned (<see cref="Part.Positions"/>) and nothing is rotated.</summary>
    public required RotaryLayout? Rotary { get; init; }

    /// <summary>Whether the MLP is gated: down(act(gate(x)) · up(x)); otherwise down(act(up(x))).</summary>
    public required bool Gated { get; init; }

    /// <summary>Parts that carry a bias, unless <see cref="ConfigKeys.AttentionBias"/> or <see cref="ConfigKeys.MlpBias"/> says otherwise.</summary>
    public required ImmutableHashSet<Part> Biases { get; init; }

    /// <summary>Tensor names without <c>.weight</c> or <c>.bias</c>; <c>{layer}</c> stands for the layer. Parts under one name are one tensor, their rows one after the other in the order of <see cref="Part"/>.</summary>
    public required ImmutableDictionary<Part, string> Names { get; init; }

    /// <summary>Whether parts under one name alternate head by head instead: the first head's rows of each, then the second's.</summary>
    public bool AlternatesHeads { get; init; }

    /// <summary>Parts whose matrix is stored (inputs, outputs).</summary>
    public ImmutableHashSet<Part> StoredTransposed { get; init; } = [];

    /// <summary>Whether the head is the embedding where the configuration does not say.</summary>
    public bool TiesHead { get; init; }

    /// <summary>Prefix that some checkpoints leave out of all names but the head's.</summary>
    public required string BasePrefix { get; init; }

    /// <summary>Ends of the names of buffers that are not weights and are passed over.</summary>
    public ImmutableArray<string> Buffers { get; init; } = [];

    /// <summary>Keys that must have the value given where they occur: the code cannot do another.</summary>
    public ImmutableDictionary<string, bool> Fixed { get; init; } = ImmutableDictionary<string, bool>.Empty;

    /// <summary>How a GGUF file spells the family; null where that is not known here.</summary>
    public GgufDialect? Gguf { get; init; }
}

/// <summary>Kinds of norm.</summary>
public enum NormKind
{
    /// <summary>x / √(mean x² + ε) · weight.</summary>
    RootMeanSquare,

    /// <summary>(x − mean) / √(variance + ε) · weight + bias.</summary>
    Layer,
}

/// <summary>How a layer's two halves join the residual.</summary>
public enum ResidualLayout
{
    /// <summary>y = x + attention(norm₁ x); y + mlp(norm₂ y).</summary>
    Sequential,

    /// <summary>x + attention(norm₁ x) + mlp(norm₂ x); norm₂ is norm₁ in families that have one only.</summary>
    Parallel,
}
