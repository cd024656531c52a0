namespace Eckart.Engine.Packing;

/// <summary>Rows that go through a layer together: the queries of a set that were packed into it, or a block of the prefix that they share.</summary>
internal sealed class Chunk
{
    private Chunk(SharedPrefix prefix, int[] ids, int? first, Strand[] strands, int[] scored, int[][] tokens)
    {
        (Prefix, Ids, First, Strands, Scored, Tokens) = (prefix, ids, first, strands, scored, tokens);
        AllRuns = first is { } start ? [new Run(null, start, ids.Length, 0)] : [.. strands.Select(strand => new Run(strand, strand.Before, strand.Length, strand.Row))];
        ScoredRuns = scored.Length == ids.Length ? AllRuns : [.. RunsOf(scored, strands)];
    }

    /// <summary>What its strands follow; or what it is a block of.</summary>
    public SharedPrefix Prefix { get; }

    /// <summary>Token of each row.</summary>
    public int[] Ids { get; }

    /// <summary>Rows.</summary>
    public int Rows => Ids.Length;

    /// <summary>For a block of the prefix, the position of its first row; null otherwise.</summary>
    public int? First { get; }

    /// <summary>Position of each row.</summary>
    public int[] Positions => [.. AllRuns.OrderBy(run => run.Row).SelectMany(run => Enumerable.Range(run.First + (run.Strand is null ? 0 : Prefix.Length), run.Count))];

    /// <summary>Whether it is a block of the prefix.</summary>
    public bool IsPrefix => First is not null;

    /// <summary>What its rows are; none in a block of the prefix.</summary>
    public IReadOnlyList<Strand> Strands { get; }

    /// <summary>Rows that a score needs, ascending.</summary>
    public int[] Scored { get; }

    /// <summary>For each scored row the tokens whose log-probabilities are wanted there; none where the mean logit is.</summary>
    public int[][] Tokens { get; }

    /// <summary>All rows, as they attend.</summary>
    public IReadOnlyList<Run> AllRuns { get; }

    /// <summary>The scored rows, gathered.</summary>
    public IReadOnlyList<Run> ScoredRuns { get; }

    /// <summary>A chunk of queries.</summary>
    public static Chunk OfQueries(SharedPrefix prefix, int[] ids, Strand[] strands, int[] scored, int[][] tokens) => new(prefix, ids, null, strands, scored, tokens);

    /// <summary>Positions from … to − 1 of a prefix.</summary>
    public static Chunk OfPrefix(SharedPrefix prefix, int from, int to)
    {
        int[] scored = prefix.Scored ? [.. Enumerable.Range(0, to - from)] : [];
        return new Chunk(prefix, prefix.Ids[from..to].ToArray(), from, [], scored, [.. scored.Select(_ => Array.Empty<int>())]);
    }

    // Scored rows that stand side by side in a strand attend as one run.
    private static IEnumerable<Run> RunsOf(int[] scored, Strand[] strands)
    {
        for (var i = 0; i < scored.Length;)
        {
            var strand = strands.First(one => scored[i] >= one.Row && scored[i] < one.Row + one.Length);
            var start = i;
            while (i < scored.Length && scored[i] == scored[start] + i - start && scored[i] < strand.Row + strand.Length) i++;
            yield return new Run(strand, strand.Before + scored[start] - strand.Row, i - start, start);
        }
    }
}
