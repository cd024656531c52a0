using Eckart.Models;
using TorchSharp;

namespace Eckart.Pruning;

/// <summary>An edit in force; disposing it puts the stored weights back.</summary>
public sealed class WeightEdit : IDisposable
{
    private readonly List<(Linear Linear, torch.Tensor Weight)> replaced = [];
    private readonly List<DecoderLayer> dropped = [];
    private readonly SortedDictionary<WeightSite, int> ranks = new(Comparer<WeightSite>.Create((a, b) => (a.Layer, a.Projection).CompareTo((b.Layer, b.Projection))));

    internal WeightEdit()
    {
    }

    /// <summary>Singular values kept, by matrix.</summary>
    public IReadOnlyDictionary<WeightSite, int> Ranks => ranks;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (linear, weight) in replaced)
        {
            linear.Restore();
            weight.Dispose();
        }

        foreach (var layer in dropped) layer.Dropped = false;
        replaced.Clear();
        dropped.Clear();
    }

    internal void Replace(Linear linear, torch.Tensor weight, WeightSite site, int rank)
    {
        replaced.Add((linear, weight));
        ranks[site] = rank;
        linear.Replace(weight);
    }

    internal void Drop(DecoderLayer layer)
    {
        dropped.Add(layer);
        layer.Dropped = true;
    }
}
