using Eckart.Tasks;

namespace Eckart.Engine.Packing;

/// <summary>A list of queries as a walk reads them: their choices, and the same choices behind an unconditional prompt where the scoring asks for that.</summary>
internal sealed class Layout
{
    private readonly IReadOnlyList<Query> queries;
    private readonly PromptSet choices;
    private readonly PromptSet? priors;

    /// <param name="queries">At least one, all scored by the same rule.</param>
    /// <param name="chunkTokens">A target for the tokens of a chunk.</param>
    /// <param name="intern">As for <see cref="PromptSet.Of"/>.</param>
    public Layout(IReadOnlyList<Query> queries, int chunkTokens, Func<SharedPrefix, SharedPrefix> intern)
    {
        this.queries = queries;
        choices = PromptSet.Of([.. queries.Select(query => query.Choices)], chunkTokens, intern);
        priors = queries[0].Priors.IsEmpty ? null : PromptSet.Of([.. queries.Select(query => query.Priors)], chunkTokens, intern);
    }

    /// <summary>What is read.</summary>
    public IEnumerable<PromptSet> Sets => priors is null ? [choices] : [choices, priors];

    /// <summary>A row a query, a score a choice.</summary>
    /// <param name="rows">What the head found.</param>
    public IReadOnlyList<double[]> Scores(IReadOnlyDictionary<Chunk, double[][]> rows)
    {
        var (sums, before) = (choices.Scores(rows), priors?.Scores(rows));
        return [.. queries.Select((query, i) => query.Choices.Select((choice, j) => (sums[i][j] / choice.Divisor) - (before?[i][j] ?? 0)).ToArray())];
    }
}
