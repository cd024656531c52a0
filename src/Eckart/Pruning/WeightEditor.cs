using System.Collections.Immutable;
using Eckart.Formats;
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

    /// <summary>The matrices whose factors are held for the next rate.</summary>
    public IReadOnlyCollection<WeightSite> Factored => factors.Keys;

    /// <summary>Applies an intervention until the result is disposed. Factors of its matrices are kept for the next rate, through trials of the unedited model too; other matrices' are let go.</summary>
    /// <param name="intervention">Resolved for the model.</param>
    /// <returns>The edit with the ranks that it kept; the caller disposes it before the next one.</returns>
    /// <exception cref="InputException">A weight to be truncated is NaN or infinite; the message names matrix and intervention, and nothing is edited.</exception>
    public WeightEdit Apply(Intervention intervention)
    {
        ArgumentNullException.ThrowIfNull(intervention);
        var truncations = intervention.Truncations(model.Spec).ToArray();
        foreach (var (site, _) in truncations) FiniteWeights.Require(LinearOf(site).Weight, $"matrix {site} under {intervention}");
        if (truncations.Length > 0) Forget(except: [.. truncations.Select(truncation => truncation.Site)]);
        if (svd == SvdKind.Exact) Factor([.. truncations.Select(truncation => truncation.Site).Where(site => !factors.ContainsKey(site))]);
        var ranks = Array.ConvertAll(truncations, truncation => truncation.Rate.KeptRank(LinearOf(truncation.Site).Weight.shape[0], LinearOf(truncation.Site).Weight.shape[1]));
        var truncated = MakeAll(truncations.Length, i => Truncated(truncations[i].Site, ranks[i]));

        var edit = new WeightEdit();
        try
        {
            for (var i = 0; i < truncations.Length; i++) edit.Replace(LinearOf(truncations[i].Site), truncated[i], truncations[i].Site, ranks[i]);
            foreach (var drop in intervention.Edits.OfType<LayerDrop>()) edit.Drop(model.Layers[drop.Layer]);
            return edit;
        }
        catch
        {
            edit.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Forget(except: []);

    private Linear LinearOf(WeightSite site) => model.Layers[site.Layer].Projections[site.Projection];

    private torch.Tensor Truncated(WeightSite site, int rank)
    {
        var weight = LinearOf(site).Weight;
        using var scope = torch.NewDisposeScope();
        return (svd == SvdKind.Exact ? factors[site].Truncate(rank) : RandomizedTruncation.Truncate(weight, rank, RandomizedTruncation.SeedOf(seed, site, rank)))
            .to(weight.dtype, weight.device).DetachFromDisposeScope();
    }

    private void Factor(WeightSite[] sites)
    {
        var found = MakeAll(sites.Length, i => SpectralFactors.Of(LinearOf(sites[i]).Weight));
        foreach (var (site, factor) in sites.Zip(found)) factors[site] = factor;
    }

    // All of them; where one fails, those made already are let go.
    private T[] MakeAll<T>(int count, Func<int, T> make)
        where T : class, IDisposable
    {
        var made = new T?[count];
        try
        {
            Workers.Run(count, model.Compute.Workers, i => made[i] = make(i));
            return made!;
        }
        catch
        {
            foreach (var one in made) one?.Dispose();
            throw;
        }
    }

    private void Forget(ImmutableHashSet<WeightSite> except)
    {
        foreach (var site in factors.Keys.Where(site => !except.Contains(site)).ToArray())
        {
            factors[site].Dispose();
            factors.Remove(site);
        }
    }
}
