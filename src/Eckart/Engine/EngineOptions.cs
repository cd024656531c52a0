using Eckart.Pruning;

namespace Eckart.Engine;

/// <summary>What may be chosen about a walk.</summary>
public sealed record EngineOptions
{
    /// <summary>A target for the tokens of a chunk where none is given.</summary>
    public const int UsualChunkTokens = 768;

    /// <summary>Which decomposition truncates.</summary>
    public SvdKind Svd { get; init; } = SvdKind.Exact;

    /// <summary>Of the randomised decomposition.</summary>
    public long Seed { get; init; }

    /// <summary>Factors on disk; null for none.</summary>
    public FactorCache? Cache { get; init; }

    /// <summary>A target for the tokens of a chunk, above 0: the prefix is not counted, and a longer query is a chunk of its own.</summary>
    public int ChunkTokens { get; init; } = UsualChunkTokens;

    /// <summary>Bytes that a walk may hold: weights, factors, prefixes, hidden states; null for the weights and a little more.</summary>
    public long? Memory { get; init; }

    /// <summary>Whether TorchSharp's operators are used where there are kernels too.</summary>
    public bool Operators { get; init; }
}
