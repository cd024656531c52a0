using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Eckart.Tasks;

namespace Eckart.Engine.Packing;

/// <summary>All that a model reads for a list of queries: the prefix that they share, the chunks that the rest is packed into, and which rows make up each score.</summary>
/// <remarks>It depends on the queries and on the tokens a chunk alone, so that scores are the same, bit for bit, whatever else is in a walk.</remarks>
internal sealed class PromptSet
{
    // Chunks are as many as a multiple of this, so that machines of a few cores are kept busy to the end.
    private const int ChunkMultiple = 4;

    private readonly IReadOnlyList<IReadOnlyList<ScoreTerms>> terms;        // by distinct list of continuations, by continuation
    private readonly IReadOnlyList<int> distinct;                           // by query
    private readonly HashSet<Chunk> read;

    private PromptSet(SharedPrefix prefix, IReadOnlyList<Chunk> chunks, IReadOnlyList<IReadOnlyList<ScoreTerms>> terms, IReadOnlyList<int> distinct) =>
        (Prefix, Chunks, Read, read, this.terms, this.distinct) = (prefix, chunks, [.. prefix.Blocks, .. chunks], [.. prefix.Blocks, .. chunks], terms, distinct);

    /// <summary>What all prompts begin with.</summary>
    public SharedPrefix Prefix { get; }

    /// <summary>The rest, in chunks of about equal tokens.</summary>
    public IReadOnlyList<Chunk> Chunks { get; }

    /// <summary>All that is read: the prefix's blocks and the chunks.</summary>
    public IReadOnlyList<Chunk> Read { get; }

    /// <summary>Positions of its longest prompt.</summary>
    public int Positions => Prefix.Length + Chunks.SelectMany(chunk => chunk.Strands).Select(strand => strand.Before + strand.Length).DefaultIfEmpty(0).Max();

    /// <summary>Packs queries.</summary>
    /// <param name="queries">The continuations of each, at least one; equal lists are read once.</param>
    /// <param name="chunkTokens">A target for the tokens of a chunk, above 0; a longer query is a chunk of its own.</param>
    /// <param name="intern">Given the prefix, the equal one that another set of the walk has, or the prefix itself.</param>
    public static PromptSet Of(IReadOnlyList<IReadOnlyList<Continuation>> queries, int chunkTokens, Func<SharedPrefix, SharedPrefix> intern)
    {
        var places = new Dictionary<string, int>();
        var distinct = queries.Select(KeyOf).Select(key => places.TryAdd(key, places.Count) ? places.Count - 1 : places[key]).ToArray();
        IReadOnlyList<Continuation>[] lists = [.. distinct.Select((place, i) => (place, i)).DistinctBy(one => one.place).Select(one => queries[one.i])];
        var passes = Array.ConvertAll(lists, Pass.For);

        var prefix = intern(new SharedPrefix(lists[0][0].Ids[..SharedLength(lists)], scored: lists[0][0].Own == 0));
        var units = Array.ConvertAll(passes, one => PromptUnit.Of(one, prefix.Length));
        var bins = Deal(units, chunkTokens);
        var builders = Enumerable.Range(0, bins.Max() + 1).Select(_ => new ChunkBuilder()).ToArray();
        var asked = units.Select((unit, i) => Ask(builders[bins[i]], unit, lists[i], passes[i])).ToArray();
        var chunks = Array.ConvertAll(builders, builder => builder.Build(prefix));
        return new PromptSet(prefix, chunks, [.. asked.Select((list, i) => list.Select(rows => new ScoreTerms(prefix, chunks[bins[i]], rows)).ToArray())], distinct);
    }

    /// <summary>Whether a chunk is among <see cref="Read"/>.</summary>
    public bool Reads(Chunk chunk) => read.Contains(chunk);

    /// <summary>The score of each query's continuations: sum of the log-probabilities of their own tokens, or mean over their rows' mean logits.</summary>
    /// <param name="rows">What the head found, by chunk, scored row and token asked for.</param>
    public IReadOnlyList<double[]> Scores(IReadOnlyDictionary<Chunk, double[][]> rows)
    {
        var scores = terms.Select(list => list.Select(one => one.Score(rows)).ToArray()).ToArray();
        return [.. distinct.Select(place => scores[place])];
    }

    // The longest common prefix, as far as it leaves every scored row, and at least one, to the chunks.
    private static int SharedLength(IReadOnlyList<Continuation>[] lists)
    {
        var first = lists[0][0].Ids;
        var length = int.MaxValue;
        foreach (var one in lists.SelectMany(list => list))
        {
            var unscored = one.Own == 0 ? one.Ids.Length - 1 : one.Ids.Length - one.Own - 1;
            length = Math.Min(length, Math.Min(unscored, first.Span.CommonPrefixLength(one.Ids.Span)));
        }

        return length;
    }

    // Longest first, each into the chunk with the fewest rows so far: as even as can be.
    private static int[] Deal(PromptUnit[] units, int chunkTokens)
    {
        var wanted = (int)Math.Round((double)units.Sum(unit => (long)unit.Rows) / chunkTokens);
        var count = Math.Clamp(wanted <= 1 ? wanted : (wanted + ChunkMultiple - 1) / ChunkMultiple * ChunkMultiple, 1, units.Length);
        var rows = new PriorityQueue<int, (long Rows, int Chunk)>(Enumerable.Range(0, count).Select(chunk => (chunk, (0L, chunk))));
        var bins = new int[units.Length];
        foreach (var i in Enumerable.Range(0, units.Length).OrderByDescending(i => units[i].Rows).ThenBy(i => i))
        {
            rows.TryDequeue(out bins[i], out var load);
            rows.Enqueue(bins[i], (load.Rows + units[i].Rows, bins[i]));
        }

        return bins;
    }

    private static IReadOnlyList<(int Row, int Place)>[] Ask(ChunkBuilder chunk, PromptUnit unit, IReadOnlyList<Continuation> list, IReadOnlyList<Pass> passes)
    {
        var asked = new IReadOnlyList<(int, int)>[list.Count];
        foreach (var (pass, rowOf) in passes.Zip(chunk.Put(unit)))
            foreach (var i in pass.Served)
                asked[i] = [.. Wanted(list[i]).Select(one => (rowOf(one.Position), rowOf(one.Position) is >= 0 and var row ? chunk.Ask(row, one.Token) : 0))];
        return asked;
    }

    // A token is predicted at the position before it.
    private static IEnumerable<(int Position, int? Token)> Wanted(Continuation continuation) => continuation.Own == 0
        ? Enumerable.Range(0, continuation.Ids.Length).Select(position => (position, (int?)null))
        : Enumerable.Range(continuation.Ids.Length - continuation.Own, continuation.Own).Select(position => (position - 1, (int?)continuation.Ids.Span[position]));

    private static string KeyOf(IReadOnlyList<Continuation> list)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var one in list)
        {
            hash.AppendData(MemoryMarshal.AsBytes([one.Own, one.Ids.Length]));
            hash.AppendData(MemoryMarshal.AsBytes(one.Ids.Span));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
