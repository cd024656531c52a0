namespace Eckart.Engine.Packing;

/// <summary>Consecutive rows of a chunk that are one stretch of a prompt.</summary>
/// <param name="Row">Its first row in the chunk.</param>
/// <param name="Length">Rows.</param>
/// <param name="Stem">The strand between the shared prefix and this one, where several choices continue one query; null where this one follows the prefix.</param>
internal sealed record Strand(int Row, int Length, Strand? Stem)
{
    /// <summary>Tokens between the shared prefix and this strand.</summary>
    public int Before => Stem?.Length ?? 0;
}

/// <summary>Consecutive rows that attend together.</summary>
/// <param name="Strand">Whose rows they are; null in a block of the shared prefix itself.</param>
/// <param name="First">Position of the first of them: behind the prefix, or within it for one of its blocks.</param>
/// <param name="Count">Rows.</param>
/// <param name="Row">Where the first of them stands among the rows that attend.</param>
internal readonly record struct Run(Strand? Strand, int First, int Count, int Row);
