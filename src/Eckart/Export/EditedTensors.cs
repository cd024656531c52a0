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

    /// <summary>A part's values, edited where it is to be.</summary>
    /// <param name="part">Of the model.</param>
    /// <param name="layer">Its layer in the source.</param>
    /// <param name="bias">Whether its bias is meant.</param>
    /// <returns>As the maths has it, float32 on the CPU, contiguous, in the caller's dispose scope.</returns>
    /// <exception cref="InputException">A weight to be truncated is NaN or infinite; the message names the tensor.</exception>
    public torch.Tensor Read(Part part, int layer, bool bias)
    {
        using var scope = torch.NewDisposeScope();
        var (stored, site) = (source.Stored(part, layer, bias), new WeightSite(layer, (Projection)part));
        var weight = stored.Read(settings.Workers);
        if (bias || !edits[stored.Name].Any(edit => edit.Site == site)) return weight.MoveToOuterDisposeScope();
        FiniteWeights.Require(weight, $"{source.Path}: tensor '{stored.Name}'");
        var rank = edits[stored.Name].Single(edit => edit.Site == site).Rank;
        var truncated = Truncated(weight, site, rank);
        var (before, after) = (Energy(weight), Energy(truncated));
        matrices.Add(new EditedMatrix(site, stored.Name, [.. weight.shape], rank, before == 0 ? 1 : after / before));
        return truncated.MoveToOuterDisposeScope();
    }

    /// <summary>A whole tensor of the source with its parts edited, all other numbers as they are.</summary>
    /// <param name="name">One that is changed.</param>
    /// <returns>Of the stored shape, float32 on the CPU, in the caller's dispose scope.</returns>
    /// <exception cref="InputException">A weight to be truncated is NaN or infinite; the message names the tensor.</exception>
    public torch.Tensor Whole(string name)
    {
        using var scope = torch.NewDisposeScope();
        var whole = torch.empty([.. source.Tensors.Tensors[name].Shape], torch.float32);
        var parts = edits[name].Select(edit => edit.Site).ToArray();
        source.Stored((Part)parts[0].Projection, parts[0].Layer, bias: false).ReadStored(whole, settings.Workers);
        foreach (var site in parts)
        {
            using var one = torch.NewDisposeScope();
            PartPlace.Put(source.Stored((Part)site.Projection, site.Layer, bias: false).Layout, whole, Read((Part)site.Projection, site.Layer, bias: false));
        }

        return whole.MoveToOuterDisposeScope();
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
