using System.Collections;
using System.Collections.Immutable;
using Eckart.Engine.Packing;

namespace Eckart.Engine.Walking;

/// <summary>Sets of prompts, equal to others that are the same in the same order.</summary>
/// <param name="sets">The same object is the same prompts.</param>
internal readonly struct SetList(ImmutableArray<PromptSet> sets) : IEquatable<SetList>, IEnumerable<PromptSet>
{
    private readonly ImmutableArray<PromptSet> sets = sets;

    /// <inheritdoc/>
    public bool Equals(SetList other) => sets.AsSpan().SequenceEqual(other.sets.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SetList other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => sets.Aggregate(0, HashCode.Combine);

    /// <inheritdoc/>
    public IEnumerator<PromptSet> GetEnumerator() => sets.AsEnumerable().GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
