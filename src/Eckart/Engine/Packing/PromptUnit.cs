namespace Eckart.Engine.Packing;

/// <summary>The prompts of one query, one a pass, as they are packed: what the passes share behind the prefix, and what each adds to it.</summary>
internal sealed class PromptUnit
{
    private readonly IReadOnlyList<Pass> passes;
    private readonly int prefix;
    private readonly int stem;      // tokens that all passes share behind the prefix; 0 where there is one pass

    private PromptUnit(IReadOnlyList<Pass> passes, int prefix)
    {
        (this.passes, this.prefix) = (passes, prefix);
        stem = passes.Count == 1 ? 0 : passes.Skip(1).Min(pass => passes[0].Input.Span.CommonPrefixLength(pass.Input.Span)) - prefix;
        Rows = stem + passes.Sum(pass => pass.Input.Length - prefix - stem);
    }

    /// <summary>Rows that it takes.</summary>
    public int Rows { get; }

    /// <summary>The passes of a query's continuations behind a prefix that all of them begin with.</summary>
    public static PromptUnit Of(IReadOnlyList<Pass> passes, int prefix) => new(passes, prefix);

    /// <summary>Puts the rows into a chunk that is being filled.</summary>
    /// <returns>For each pass, the chunk's row of each of its positions; −1 − p for position p of the prefix.</returns>
    public IReadOnlyList<Func<int, int>> PutInto(List<int> ids, List<Strand> strands)
    {
        var shared = Put(passes[0].Input.Slice(prefix, stem), null, ids, strands);
        return [.. passes.Select(pass => Rows(Put(pass.Input[(prefix + stem)..], stem > 0 ? shared : null, ids, strands)))];

        Func<int, int> Rows(Strand own) => position =>
            position < prefix ? -1 - position
            : position < prefix + stem ? shared.Row + position - prefix
            : own.Row + position - prefix - stem;
    }

    private static Strand Put(ReadOnlyMemory<int> tokens, Strand? stem, List<int> ids, List<Strand> strands)
    {
        var strand = new Strand(ids.Count, tokens.Length, stem);
        if (tokens.IsEmpty) return strand;
        strands.Add(strand);
        ids.AddRange(tokens.Span);
        return strand;
    }
}
