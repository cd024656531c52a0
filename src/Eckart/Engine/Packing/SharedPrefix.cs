using Eckart.Engine.Kernels;

namespace Eckart.Engine.Packing;

/// <summary>The tokens that all prompts of a set begin with. Every branch reads them once.</summary>
/// <remarks>They are cut into blocks of equal size by their number alone, so that workers can share them and no digit depends on how many workers there are.</remarks>
internal sealed class SharedPrefix
{
    private const int BlockTokens = 128;
    private const int LeastToCut = 32;

    /// <param name="ids">May be empty.</param>
    /// <param name="scored">Whether every position is scored (mean-logit).</param>
    public SharedPrefix(ReadOnlyMemory<int> ids, bool scored)
    {
        Ids = ids;
        Scored = scored;
        var blocks = ids.Length < LeastToCut ? Math.Min(1, ids.Length) : 2 * ((ids.Length + (2 * BlockTokens) - 1) / (2 * BlockTokens));
        Blocks = [.. Enumerable.Range(0, blocks).Select(i => Chunk.OfPrefix(this, Cut(i, blocks), Cut(i + 1, blocks)))];
    }

    /// <summary>Token ids.</summary>
    public ReadOnlyMemory<int> Ids { get; }

    /// <summary>P.</summary>
    public int Length => Ids.Length;

    /// <summary>Whether every position is scored.</summary>
    public bool Scored { get; }

    /// <summary>The prefix as rows to be worked on.</summary>
    public IReadOnlyList<Chunk> Blocks { get; }

    /// <summary>Whether another prefix is the same work.</summary>
    public bool Matches(SharedPrefix other) => Scored == other.Scored && Ids.Span.SequenceEqual(other.Ids.Span);

    // Between whole vectors, so that two workers never write to the same one.
    private int Cut(int block, int blocks) => block == blocks ? Length : (int)((long)Length * block / blocks) & -Lanes.Width;
}
