using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Engine;

/// <summary>Counts operations: the multiplications of matrix products and of attention's two products, each with its addition counted as two. Norms, softmax, activations and decompositions are not counted.</summary>
public static class WorkCount
{
    /// <summary>What <see cref="ReferenceEngine"/> does: every pass of each query over all its tokens, with a truncated matrix as large as it was, and the head at the rows that are scored.</summary>
    /// <param name="spec">Of the model.</param>
    /// <param name="queries">Each is read anew.</param>
    /// <param name="intervention">Resolved for the model.</param>
    /// <remarks>Of attention the causal half is counted, though the reference computes all of it.</remarks>
    public static long OfReference(ModelSpec spec, IEnumerable<Query> queries, Intervention intervention)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(intervention);
        var layers = spec.Layers - intervention.Edits.OfType<LayerDrop>().Count();
        return queries.Sum(query => OfPasses(spec, layers, query.Choices) + OfPasses(spec, layers, query.Priors));
    }

    /// <summary>A product of (rows, inner) with (inner, columns).</summary>
    internal static long OfProduct(long rows, long inner, long columns) => 2 * rows * inner * columns;

    /// <summary>Attention of all heads, for consecutive rows that see the same keys before them and the causal half of one another.</summary>
    internal static long OfAttention(ModelSpec spec, long rows, long before) => 2L * spec.Heads * spec.HeadSize * rows * ((2 * before) + rows + 1);

    private static long OfPasses(ModelSpec spec, int layers, IReadOnlyList<Continuation> continuations)
    {
        var matrices = spec.Projections.Select(projection => spec.ShapeOf((Part)projection)).Sum(shape => shape[0] * shape[1]);
        return Pass.For(continuations).Sum(pass =>
            (layers * ((2 * pass.Input.Length * matrices) + OfAttention(spec, pass.Input.Length, before: 0)))
            + OfProduct(ScoredRows([.. pass.Served.Select(i => continuations[i])]), spec.Hidden, spec.Vocabulary));
    }

    // From the first row that any of them is scored at to the last; all rows for a mean logit.
    private static int ScoredRows(Continuation[] served) => served[0].Own == 0 ? served[0].Ids.Length
        : served.Max(one => one.Ids.Length - 1) - served.Min(one => one.Ids.Length - one.Own - 1);
}
