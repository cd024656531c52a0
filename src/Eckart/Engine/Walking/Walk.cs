using Eckart.Engine.Arithmetic;
using Eckart.Engine.Packing;

namespace Eckart.Engine.Walking;

/// <summary>One walk over the layers: the trunk with everything that leaves it.</summary>
/// <remarks>
/// With all layers in memory it goes depth first: at each layer the branches born there go to their end before the trunk takes its next step, so that few are
/// alive at once. Where layers are streamed they are read once, and all live branches advance together. Either way each branch sees the same operations on the
/// same numbers.
/// </remarks>
/// <param name="shop">What every step needs.</param>
/// <param name="flight">Branches that may be alive beside those they leave.</param>
/// <param name="later">Places whose hidden states are kept for later walks, with the chunks.</param>
/// <param name="scored">Called with branches and what the head found for each.</param>
/// <param name="stepped">Called after each layer of some branches, and after the head.</param>
/// <param name="cancellation">Checked before each piece of work.</param>
internal sealed class Walk(
    Workshop shop, int flight, IReadOnlyDictionary<TrunkPosition, HashSet<Chunk>> later, Action<Branch, IReadOnlyDictionary<Chunk, double[][]>> scored, Action stepped, CancellationToken cancellation)
{
    private int Layers => shop.Weights.Spec.Layers;

    /// <summary>Walks.</summary>
    /// <param name="trunk">With its tree; its hidden states are those at the start. It is let go of at the end, with all its branches.</param>
    /// <param name="start">Where.</param>
    public void Run(Branch trunk, TrunkPosition start)
    {
        var living = new List<Branch> { trunk };
        try
        {
            trunk.HoldKeys(shop.Arithmetic, shop.Pool);
            if (shop.Weights.Resident) Advance([trunk], start, living);
            else Stream(trunk, start, living);
        }
        finally
        {
            foreach (var branch in living) branch.Dispose();
        }
    }

    // Takes a flight of branches to the end, and before each step what leaves them there.
    private void Advance(Branch[] branches, TrunkPosition from, List<Branch> living)
    {
        for (var layer = from.Layer; layer < Layers; layer++)
        {
            var position = layer == from.Layer ? from : new TrunkPosition(layer, false);
            Branch[] going = [.. branches.Where(branch => branch.LastLayer(Layers) >= layer)];
            foreach (var parent in branches)
            {
                Branch[][] flights = [.. parent.Children.Where(child => child.Birth!.Layer == layer).Chunk(flight)];
                foreach (var births in flights)
                {
                    var together = going is [var only] && only == parent && births == flights[^1];      // one pass over the layer for both
                    living.AddRange(births);
                    Step(position, [new Family(parent, births, together)]);
                    if (together) going = [];
                    Advance(births, new TrunkPosition(layer + 1, false), living);
                }
            }

            if (going.Length > 0) Step(position, [.. going.Select(Family.Alone)]);
            if (branches[0].Birth is null) shop.Factors.Forget(site => site.Layer <= layer && !later.Keys.Any(kept => kept.Layer == site.Layer));
            if (branches.All(branch => branch.LastLayer(Layers) <= layer && branch.Children.All(child => child.Birth!.Layer <= layer))) break;
        }

        Score([.. branches.Where(branch => !branch.Scored.IsEmpty)]);
        foreach (var branch in branches)
        {
            branch.Dispose();
            living.Remove(branch);
        }
    }

    private void Stream(Branch trunk, TrunkPosition start, List<Branch> living)
    {
        for (var layer = start.Layer; layer < Layers; layer++)
        {
            Family[] families = [.. living.Select(branch => new Family(branch, [.. branch.Children.Where(child => child.Birth!.Layer == layer)], branch.LastLayer(Layers) >= layer))];
            living.AddRange(families.SelectMany(family => family.Births));
            Step(layer == start.Layer ? start : new TrunkPosition(layer, false), [.. families.Where(family => family.Advances || family.Births.Count > 0)]);
            shop.Factors.Forget(site => site.Layer <= layer);
            foreach (var spent in living.Where(branch => branch.Scored.IsEmpty && branch.Children.All(child => child.Birth!.Layer <= layer)).ToArray())
            {
                spent.Dispose();
                living.Remove(spent);
            }
        }

        Score([.. InOrder(trunk).Where(branch => !branch.Scored.IsEmpty)]);
    }

    // The order in which going depth first ends them.
    private static IEnumerable<Branch> InOrder(Branch branch) => branch.Children.SelectMany(InOrder).Append(branch);

    private void Step(TrunkPosition position, IReadOnlyList<Family> families)
    {
        var layer = shop.Weights.Layer(position.Layer);
        using var edits = EditedWeights.Of(
            families.SelectMany(family => family.Births.Append(family.Parent)).Select(branch => branch.At(position.Layer)).OfType<LayerEdit>(), shop.Factors, layer, shop.Weights.Compute.Workers);
        using var step = new LayerStep(shop.Weights.Spec, shop.Weights.Compute, position.Layer, layer, edits, shop.Arithmetic, shop.Pool);
        foreach (var family in families.Where(family => family.Parent.Birth is null && !position.BehindAttention)) KeepStart(position, family.Parent);
        step.Run(shop.Team, families, whole: !position.BehindAttention, Middle(position.Layer), cancellation);
        stepped();
    }

    private void KeepStart(TrunkPosition position, Branch trunk)
    {
        if (!later.TryGetValue(position, out var chunks)) return;
        foreach (var chunk in chunks.Where(trunk.Reads)) shop.Kept.Keep(position, chunk, trunk[chunk].Copy());
    }

    private Action<Chunk, TorchSharp.torch.Tensor>? Middle(int layer)
    {
        var position = new TrunkPosition(layer, BehindAttention: true);
        if (!later.TryGetValue(position, out var chunks)) return null;
        return (chunk, states) =>
        {
            if (!chunks.Contains(chunk)) return;
            var copy = new Rows(shop.Pool, states.shape[0], states.shape[1]);
            copy.Matrix.copy_(states);
            shop.Kept.Keep(position, chunk, copy);
        };
    }

    private void Score(Branch[] branches)
    {
        if (branches.Length == 0) return;
        foreach (var (branch, rows) in branches.Zip(shop.Head.Score(shop.Team, branches, cancellation))) scored(branch, rows);
        stepped();
    }
}
