using System.Collections.Immutable;
using Eckart.Engine.Packing;
using Eckart.Models;
using Eckart.Pruning;

namespace Eckart.Engine.Walking;

/// <summary>The bound: operations that answering some requests has to take, whoever does it. What prompts have in common is read once a branch, what branches
/// have in common is computed once, and every matrix is multiplied in its cheapest form.</summary>
/// <remarks>Ranks count as they are, where a walk rounds Right · x up to blocks of columns; and products that no score needs do not count. So a walk takes at least as many.</remarks>
/// <param name="spec">Of the model.</param>
/// <param name="svd">Which decomposition truncates.</param>
/// <param name="orders">What the tree was planned for.</param>
internal sealed class WalkBound(ModelSpec spec, SvdKind svd, IReadOnlyList<(PromptSet Set, ImmutableArray<LayerEdit> Edits)> orders)
{
    private readonly SiteWork sites = new(spec, svd);

    /// <summary>Operations of a branch from a layer on, and of all that leaves it.</summary>
    /// <param name="branch">Planned for the orders.</param>
    /// <param name="start">Where its hidden states are known.</param>
    public long Of(Branch branch, TrunkPosition start)
    {
        PromptSet[] scored = [.. branch.Scored.Select(order => orders[order].Set).Distinct()];
        HashSet<Chunk> ends = [.. scored.SelectMany(set => set.Prefix.Blocks.Concat(set.Chunks))];      // chunks that go all the way
        var work = Head(scored);
        foreach (var chunk in branch.Chunks)
        {
            var children = branch.Children.Where(child => child.Reads(chunk)).ToLookup(child => child.Birth!.Layer, child => child.Birth!);
            var last = ends.Contains(chunk) ? spec.Layers - 1 : children.Max(births => births.Key);
            for (var layer = start.Layer; layer <= last; layer++)
            {
                LayerEdit?[] readers = [.. children[layer], .. layer < last || ends.Contains(chunk) ? new[] { branch.At(layer) } : []];
                work += Layer(layer, chunk, whole: layer > start.Layer || !start.BehindAttention, [.. readers.Where(edit => edit is not { Dropped: true })]);
            }
        }

        return work + branch.Children.Sum(child => Of(child, new TrunkPosition(child.Birth!.Layer + 1, false)));
    }

    // One layer over one chunk. Readers part where their edits first differ.
    private long Layer(int layer, Chunk chunk, bool whole, LayerEdit?[] readers)
    {
        if (readers.Length == 0) return 0;
        var isLast = layer == spec.Layers - 1;
        var rows = isLast ? chunk.Scored.Length : chunk.Rows;
        var work = whole ? sites.Of(Projection.Key, chunk.Rows, readers) + sites.Of(Projection.Value, chunk.Rows, readers) : 0;
        if (rows == 0) return work;
        if (whole)
        {
            work += sites.Of(Projection.Query, rows, readers);
            foreach (var mixed in Parted(readers, Projection.Query, Projection.Key, Projection.Value))
                work += Attention(chunk, isLast ? chunk.ScoredRuns : chunk.AllRuns) + sites.Of(Projection.Output, rows, mixed);
        }

        var parallel = spec.Residual == ResidualLayout.Parallel;
        return work + (parallel ? Mlp(rows, readers) : Parted(readers, Projection.Query, Projection.Key, Projection.Value, Projection.Output).Sum(input => Mlp(rows, input)));
    }

    private long Mlp(long rows, IEnumerable<LayerEdit?> readers) =>
        (spec.Family.Gated ? sites.Of(Projection.Gate, rows, readers) : 0) + sites.Of(Projection.Up, rows, readers)
        + Parted(readers, Projection.Gate, Projection.Up).Sum(inner => sites.Of(Projection.Down, rows, inner));

    private long Attention(Chunk chunk, IReadOnlyList<Run> runs) =>
        runs.Sum(run => WorkCount.OfAttention(spec, run.Count, run.First + (run.Strand is null ? 0 : chunk.Prefix.Length)));

    // Mean logits are products with one row, the mean of the head's: they are not counted.
    private long Head(IEnumerable<PromptSet> scored) =>
        scored.Where(set => !set.Prefix.Scored).SelectMany(set => set.Chunks).Distinct().Sum(chunk => WorkCount.OfProduct(chunk.Scored.Length, spec.Hidden, spec.Vocabulary));

    // Those that do the same to some matrices stay together.
    private static IEnumerable<IEnumerable<LayerEdit?>> Parted(IEnumerable<LayerEdit?> readers, params Projection[] projections) =>
        readers.GroupBy(edit => string.Join(' ', projections.Select(projection => edit is not null && edit.Rates.TryGetValue(projection, out var rate) ? rate.ToString() : "-")));
}
