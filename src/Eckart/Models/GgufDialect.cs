using System.Collections.Immutable;

namespace Eckart.Models;

/// <summary>How a GGUF file spells a family.</summary>
public sealed record GgufDialect
{
    /// <summary><c>general.architecture</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>Metadata keys without the architecture's prefix, and the <c>config.json</c> keys they become.</summary>
    public required ImmutableDictionary<string, string> Keys { get; init; }

    /// <summary>Those of <see cref="Keys"/> that a file may leave out.</summary>
    public required ImmutableHashSet<string> Optional { get; init; }

    /// <summary><c>config.json</c> text values that the architecture implies.</summary>
    public required ImmutableDictionary<string, string> Implied { get; init; }

    /// <summary>Tensor names without <c>.weight</c> or <c>.bias</c>; <c>{layer}</c> stands for the layer.</summary>
    public required ImmutableDictionary<Part, string> Names { get; init; }

    /// <summary>Parts whose rows llama.cpp's converter reordered, from rotary halves to rotary pairs within each head.</summary>
    public required ImmutableHashSet<Part> RowsInPairs { get; init; }
}
