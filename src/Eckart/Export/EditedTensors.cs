using System.Runtime.InteropServices;
using Eckart.Formats;
using Eckart.Models;
using Eckart.Pruning;
using TorchSharp;

namespace Eckart.Export;

/// <summary>The tensors that an intervention changes, made one at a time.</summary>
/// <param name="source">Still the caller's.</param>
/// <param name="settings">What is done.</param>
internal sealed class EditedTensors(Checkpoint source, DenseExportSettings settings)
{
    private readonly ILookup<string, (WeightSite Site, int Rank)> edits = settings.Intervention.Ranks(source.Spec)
        .ToLookup(rank => source.Stored((Part)rank.Key.Projection, rank.Key.Layer, bias: false).Name, rank => (rank.Key, rank.Value));

    private readonly List<EditedMatrix> matrices = [];

    /// <summary>What was done so far, layer by layer.</summary>
    public IReadOnlyList<EditedMatrix> Matrices => [.. matrices.OrderBy(matrix => matrix.Site.Layer).ThenBy(matrix => matrix.Site.Projection)];

    /// <summary>Whether a tensor of the source is changed.</summary>
    public bool Contain(string name) => edits.Contains(name);

    /// <summary>Edits the parts of one tensor.</summary>
    /// <param name="name">Its name in the source.</param>
    /// <param name="whole">Its values, float32 on the CPU, rows in halves; changed.</param>
    /// <exception cref="InputException">A weight is NaN or infinite; the message names the tensor.</exception>
    public void Edit(string name, torch.Tensor whole)
    {
        foreach (var (site, rank) in edits[name])
        {
            using var scope = torch.NewDisposeScope();
            var stored = source.Stored((Part)site.Projection, site.Layer, bias: false);
            var weight = stored.Read(workers: 1);
            FiniteWeights.Require(weight, $"{source.Path}: tensor '{name}'");
            var truncated = Truncated(weight, site, rank);
            var (before, after) = (Energy(weight), Energy(truncated));
            matrices.Add(new EditedMatrix(site, name, [.. weight.shape], rank, before == 0 ? 1 : after / before));
            PartPlace.Put(stored, whole, truncated);
        }
    }

    // The same factors and products as those that are evaluated, one thread each.
    private torch.Tensor Truncated(torch.Tensor weight, WeightSite site, int rank)
    {
        using var products = new OneThreadProducts();
        if (settings.Svd == SvdKind.Randomized) return RandomizedTruncation.Truncate(weight, rank, RandomizedTruncation.SeedOf(settings.Seed, site, rank));
        using var factors = settings.Cache?.Of(weight) ?? SpectralFactors.Of(weight);
        return factors.Truncate(rank);
    }

    private static double Energy(torch.Tensor matrix)
    {
        var sum = 0.0;
        TensorMemory.Of(matrix).ForEachBlock(block =>
        {
            foreach (var value in MemoryMarshal.Cast<byte, float>(block)) sum += (double)value * value;
        });
        return sum;
    }
}
