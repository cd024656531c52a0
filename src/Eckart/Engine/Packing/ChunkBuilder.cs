namespace Eckart.Engine.Packing;

/// <summary>A chunk while queries are put into it.</summary>
internal sealed class ChunkBuilder
{
    private readonly List<int> ids = [];
    private readonly List<Strand> strands = [];
    private readonly SortedDictionary<int, List<int>> scored = [];

    /// <summary>Rows so far.</summary>
    public int Rows => ids.Count;

    /// <summary>Puts a query into it; as <see cref="PromptUnit.PutInto"/>.</summary>
    public IReadOnlyList<Func<int, int>> Put(PromptUnit unit) => unit.PutInto(ids, strands);

    /// <summary>Asks for a row's score.</summary>
    /// <param name="row">In the chunk.</param>
    /// <param name="token">Whose log-probability; null for the mean logit.</param>
    /// <returns>Its place among what is asked for there.</returns>
    public int Ask(int row, int? token)
    {
        if (!scored.TryGetValue(row, out var tokens)) scored[row] = tokens = [];
        if (token is not { } id) return 0;
        var known = tokens.IndexOf(id);
        if (known >= 0) return known;
        tokens.Add(id);
        return tokens.Count - 1;
    }

    /// <summary>The chunk.</summary>
    public Chunk Build(SharedPrefix prefix) =>
        Chunk.OfQueries(prefix, [.. ids], [.. strands], [.. scored.Keys], [.. scored.Values.Select(tokens => tokens.ToArray())]);
}
