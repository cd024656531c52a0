using System.Collections.Immutable;
using Eckart.Models;
using TorchSharp;

namespace Eckart.Pruning;

/// <summary>Edits a model for a while. Edited weights stand in for the stored ones, which are never written, so that ending an edit restores the very bytes.</summary>
/// <param name="model">The model; still the caller's. One edit at a time.</param>
/// <param name="svd">Which decomposition truncates.</param>
/// <param name="seed">Of the randomised decomposition.</param>
public sealed class WeightEditor(CausalLm model, SvdKind svd, long seed) : IDisposable
{
    private readonly Dictionary<WeightSite, SpectralFactors> factors = [];

    /// <summary>Applies an intervention until the result is disposed. Factors of its matrices are kept for the next rate; others are let go.</summary>
    /// <param name="intervention">Resolved for the model.</param>
    /// <returns>The edit with the ranks that it kept.</returns>
    public WeightEdit Apply(Intervention intervention)
    {
        ArgumentNullException.ThrowIfNull(intervention);
        var truncations = intervention.Truncations(model.Spec).ToArray();
        Forget(except: [.. truncations.Select(truncation => truncation.Site)]);
        if (svd == SvdKind.Exact) Factor([.. truncations.Select(truncation => truncation.Site).Where(site => !factors.ContainsKey(site))]);
        var edit = new WeightEdit();
        foreach (var (site, rate) in truncations)
        {
            var linear = model.Layers[site.Layer].Projections[site.Projection];
            var rank = rate.KeptRank(linear.Weight.shape[0], linear.Weight.shape[1]);
            edit.Replace(linear, Truncated(site, linear.Weight, rank), site, rank);
        }

        foreach (var drop in intervention.Edits.OfType<LayerDrop>()) edit.Drop(model.Layers[drop.Layer]);
        return edit;
    }

    /// <inheritdoc/>
    public void Dispose() => Forget(except: []);

    private torch.Tensor Truncated(WeightSite site, torch.Tensor weight, int rank)
    {
        using var scope = torch.NewDisposeScope();
        return (svd == SvdKind.Exact ? factors[site].Truncate(rank) : RandomizedTruncation.Truncate(weight, rank, SeedOf(site, rank)))
            .to(weight.dtype, weight.device).DetachFromDisposeScope();
    }

    private void Factor(WeightSite[] sites)
    {
        var found = new SpectralFactors[sites.Length];
        Workers.Run(sites.Length, model.Compute.Workers, i => found[i] = SpectralFactors.Of(model.Layers[sites[i].Layer].Projections[sites[i].Projection].Weight));
        foreach (var (site, factor) in sites.Zip(found)) factors[site] = factor;
    }

    // A subspace of its own for every matrix and rank, whatever was truncated before.
    private long SeedOf(WeightSite site, int rank) => unchecked((((((seed * 1_000_003) + site.Layer) * 1_000_003) + (int)site.Projection) * 1_000_003) + rank);

    private void Forget(ImmutableHashSet<WeightSite> except)
    {
        foreach (var site in factors.Keys.Where(site => !except.Contains(site)).ToArray())
        {
            factors[site].Dispose();
            factors.Remove(site);
        }
    }
}
