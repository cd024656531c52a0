using System.Collections.Immutable;

namespace Eckart.Models;

/// <summary>What a decoder is made of, read from a checkpoint's configuration by its family. Letters as in all our shapes: C hidden, H heads, K key-value heads, D head, F MLP, V vocabulary.</summary>
public sealed record ModelSpec
{
    /// <summary>The row of the family table.</summary>
    public required Family Family { get; init; }

    /// <summary>Decoder layers.</summary>
    public required int Layers { get; init; }

    /// <summary>C: size of the hidden states.</summary>
    public required int Hidden { get; init; }

    /// <summary>H: query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>K: key-value heads; H is a multiple of it.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>D: size of a head.</summary>
    public required int HeadSize { get; init; }

    /// <summary>F: inner size of the MLP.</summary>
    public required int MlpSize { get; init; }

    /// <summary>V: rows of the embedding.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Longest sequence.</summary>
    public required int MaxPositions { get; init; }

    /// <summary>ε of the norms.</summary>
    public required double NormEpsilon { get; init; }

    /// <summary>How attention and MLP join the residual.</summary>
    public required ResidualLayout Residual { get; init; }

    /// <summary>Rotation of queries and keys; of size 0 where positions are learned.</summary>
    public required RotarySpec Rotary { get; init; }

    /// <summary>Where positions attend to the last ones only; null for nowhere.</summary>
    public SlidingWindow? Window { get; init; }

    /// <summary>Non-linearity of the MLP.</summary>
    public required Activation Activation { get; init; }

    /// <summary>Parts that carry a bias.</summary>
    public required ImmutableHashSet<Part> Biases { get; init; }

    /// <summary>Whether the head is the embedding.</summary>
    public required bool TiedHead { get; init; }

    /// <summary>The matrices of every layer, in the order of <see cref="Projection"/>.</summary>
    public ImmutableArray<Projection> Projections => Family.Gated ? Gated : Plain;

    /// <summary>Whether a layer's MLP has a norm of its own.</summary>
    public bool HasMlpNorm => Family.Names.ContainsKey(Part.MlpNorm);

    /// <summary>The longest prompt: beyond <see cref="MaxPositions"/> only where the rotation stretches with the prompt.</summary>
    public int LongestPrompt => Rotary.Scaling is { Kind: RotaryScalingKind.Dynamic } dynamic ? (int)Math.Min(int.MaxValue, MaxPositions * Math.Max(1, dynamic.Factor)) : MaxPositions;

    /// <summary>Shape of a part's weight as the maths has it: (outputs, inputs), or (C) for a norm.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a part.</exception>
    public ImmutableArray<long> ShapeOf(Part part) => part switch
    {
        Part.Embedding or Part.Head => [Vocabulary, Hidden],
        Part.Positions => [MaxPositions, Hidden],
        Part.QueryNorm or Part.KeyNorm => [HeadSize],
        Part.FinalNorm or Part.AttentionNorm or Part.MlpNorm => [Hidden],
        Part.Query => [(long)Heads * HeadSize, Hidden],
        Part.Key or Part.Value => [(long)KeyValueHeads * HeadSize, Hidden],
        Part.Output => [Hidden, (long)Heads * HeadSize],
        Part.Gate or Part.Up => [MlpSize, Hidden],
        Part.Down => [Hidden, MlpSize],
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "Not a part of a decoder."),
    };

    /// <summary>Parameters in the matrices that a token is multiplied with, the head included: half the multiplications and additions a token costs outside attention.</summary>
    public long MultipliedParameters => Layers * Projections.Sum(projection => Product(ShapeOf((Part)projection))) + Product(ShapeOf(Part.Head));

    private static readonly ImmutableArray<Projection> Gated = [.. Enum.GetValues<Projection>()];
    private static readonly ImmutableArray<Projection> Plain = Gated.Remove(Projection.Gate);

    private static long Product(ImmutableArray<long> shape) => shape.Aggregate(1L, (product, size) => product * size);
}
