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
    private readonly Dictionary<(TrunkPosition Start, Read Sets), long> unedited = [];

    /// <summary>Operations of a branch from a layer on, and of all that leaves it.</summary>
    /// <param name="branch">Planned for the orders.</param>
    /// <param name="start">Where its hidden states are known.</param>
    public long Of(Branch branch, TrunkPosition start)
    {
        // All that ends alike behind its last edit takes the same: of a million branches few have to be counted.
        if (!branch.Children.IsEmpty || branch.Edits.Any(edit => edit.Layer >= start.Layer)) return Count(branch, start);
        var key = (start, new Read(branch.Sets));
        return unedited.TryGetValue(key, out var known) ? known : unedited[key] = Count(branch, start);
    }

    private long Count(Branch branch, TrunkPosition start)
    {
        HashSet<PromptSet> scored = [.. branch.Scored.Select(order => orders[order].Set)];
        var work = Head(scored);
        foreach (var chunks in branch.Chunks.GroupBy(chunk => new Read([.. branch.Sets.Where(set => set.Reads(chunk))])))
        {
            var children = branch.Children.Where(child => child.Sets.Any(chunks.Key.Sets.Contains)).ToLookup(child => child.Birth!.Layer, child => child.Birth!);
            var ends = chunks.Key.Sets.Any(scored.Contains);      // these go all the way
            var last = ends ? spec.Layers - 1 : children.Max(births => births.Key);
            for (var layer = start.Layer; layer <= last; layer++)
            {
                LayerEdit?[] readers = [.. children[layer], .. layer < last || ends ? new[] { branch.At(layer) } : []];
                work += Layer(layer, [.. chunks], whole: layer > start.Layer || !start.BehindAttention, [.. readers.Where(edit => edit is not { Dropped: true })]);
            }
        }

        return work + branch.Children.Sum(child => Of(child, new TrunkPosition(child.Birth!.Layer + 1, false)));
    }

    // One layer over chunks that the same branches read. Readers part where their edits first differ.
    private long Layer(int layer, Chunk[] chunks, bool whole, LayerEdit?[] readers)
    {
        if (readers.Length == 0) return 0;
        var isLast = layer == spec.Layers - 1;
        var rows = chunks.Sum(chunk => (long)(isLast ? chunk.Scored.Length : chunk.Rows));
        var work = 0L;
        if (whole)
        {
            var all = chunks.Sum(chunk => (long)chunk.Rows);
            var attention = chunks.Sum(chunk => Attention(chunk, isLast ? chunk.ScoredRuns : chunk.AllRuns));
            work = sites.Of(Projection.Key, all, readers) + sites.Of(Projection.Value, all, readers) + sites.Of(Projection.Query, rows, readers);
            foreach (var mixed in Parted(readers, Projection.Query, Projection.Key, Projection.Value)) work += attention + sites.Of(Projection.Output, rows, mixed);
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
    private static IEnumerable<IEnumerable<LayerEdit?>> Parted(IEnumerable<LayerEdit?> readers, Projection first, Projection second, Projection? third = null, Projection? fourth = null) =>
        readers.GroupBy(edit => (At(edit, first), At(edit, second), At(edit, third), At(edit, fourth)));

    private static ClippingRate? At(LayerEdit? edit, Projection? projection) => projection is { } matrix ? edit?.RateOf(matrix) : null;

    // Equal to others of the same sets in the same order.
    private readonly record struct Read(ImmutableArray<PromptSet> Sets)
    {
        public bool Equals(Read other) => Sets.AsSpan().SequenceEqual(other.Sets.AsSpan());

        public override int GetHashCode() => Sets.Aggregate(0, HashCode.Combine);
    }
}
