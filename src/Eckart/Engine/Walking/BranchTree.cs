using System.Collections.Immutable;
using Eckart.Engine.Packing;

namespace Eckart.Engine.Walking;

/// <summary>Plans the branches of a walk, so that interventions share all that lies below the layer where they differ.</summary>
internal static class BranchTree
{
    /// <summary>The trunk, with everything that leaves it.</summary>
    /// <param name="orders">What is asked for: prompts, and what is done to the layers, from the first.</param>
    /// <param name="members">Which of them this walk answers; null for all.</param>
    public static Branch Plan(IReadOnlyList<(PromptSet Set, ImmutableArray<LayerEdit> Edits)> orders, IReadOnlyList<int>? members = null) =>
        Grow(members ?? [.. Enumerable.Range(0, orders.Count)], 0, null, orders);

    private static Branch Grow(IReadOnlyList<int> members, int depth, LayerEdit? birth, IReadOnlyList<(PromptSet Set, ImmutableArray<LayerEdit> Edits)> orders)
    {
        var children = members.Where(one => orders[one].Edits.Length > depth)
            .GroupBy(one => orders[one].Edits[depth])
            .Select(group =>
            {
                var inner = CommonDepth([.. group.Select(one => orders[one].Edits)]);
                return Grow([.. group], inner, group.Key, orders);
            })
            .OrderBy(child => (child.Birth!.Layer, child.Birth.Point));
        return new Branch(
            orders[members[0]].Edits[..depth],
            birth,
            [.. members.Select(one => orders[one].Set).Distinct()],
            [.. members.Where(one => orders[one].Edits.Length == depth)],
            [.. children]);
    }

    private static int CommonDepth(ImmutableArray<LayerEdit>[] paths) => paths is [var only] ? only.Length
        : Enumerable.Range(0, paths.Min(path => path.Length) + 1).Last(depth => paths.All(path => path.Take(depth).SequenceEqual(paths[0].Take(depth))));
}
