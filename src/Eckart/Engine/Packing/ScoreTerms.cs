namespace Eckart.Engine.Packing;

/// <summary>The rows that make up one score.</summary>
internal sealed class ScoreTerms
{
    private readonly SharedPrefix prefix;
    private readonly Chunk chunk;
    private readonly bool mean;
    private readonly (int Scored, int Place)[] terms;       // in the chunk: place among its scored rows, and among what is asked for there

    /// <param name="prefix">What precedes the chunk.</param>
    /// <param name="chunk">Holds all rows but the prefix's.</param>
    /// <param name="rows">Rows of the chunk, or −1 − p for position p of the prefix; and the place among the tokens asked for.</param>
    public ScoreTerms(SharedPrefix prefix, Chunk chunk, IReadOnlyList<(int Row, int Place)> rows)
    {
        (this.prefix, this.chunk, mean) = (prefix, chunk, prefix.Scored);
        terms = [.. rows.Where(one => one.Row >= 0).Select(one => (Array.BinarySearch(chunk.Scored, one.Row), one.Place))];
    }

    /// <summary>Sum of log-probabilities; or, where every position is scored, the mean over the prefix and the rows.</summary>
    /// <param name="rows">By chunk, scored row and token asked for.</param>
    public double Score(IReadOnlyDictionary<Chunk, double[][]> rows)
    {
        var sum = terms.Sum(one => rows[chunk][one.Scored][one.Place]);
        return mean ? (sum + prefix.Blocks.Sum(block => rows[block].Sum(row => row[0]))) / (terms.Length + prefix.Length) : sum;
    }
}
