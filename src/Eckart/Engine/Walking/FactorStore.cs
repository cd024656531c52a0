using System.Collections.Immutable;
using Eckart.Engine.Arithmetic;
using Eckart.Formats;
using Eckart.Models;
using Eckart.Pruning;
using TorchSharp;

namespace Eckart.Engine.Walking;

/// <summary>Factors of the matrices that a walk truncates: each computed once, or read from the cache on disk, and kept while branches need it.</summary>
/// <param name="compute">Where products are taken.</param>
/// <param name="svd">Which decomposition truncates.</param>
/// <param name="seed">Of the randomised one.</param>
/// <param name="cache">On disk; null for none.</param>
/// <param name="pool">For packing.</param>
internal sealed class FactorStore(ComputeOptions compute, SvdKind svd, long seed, FactorCache? cache, BufferPool pool) : IDisposable
{
    private readonly Dictionary<(WeightSite Site, ClippingRate? Rate), SiteTerms> known = [];

    /// <summary>Bytes of the factors that the most edited layer needs at once.</summary>
    /// <param name="paths">What interventions do, layer by layer.</param>
    /// <param name="spec">Of the model.</param>
    public long BytesFor(IEnumerable<ImmutableArray<LayerEdit>> paths, ModelSpec spec) => paths.SelectMany(path => path)
        .GroupBy(edit => edit.Layer)
        .Select(layer => layer.SelectMany(edit => edit.Rates).DistinctBy(one => (one.Projection, svd == SvdKind.Exact ? default : one.Rate)).Sum(one => BytesOf(one.Projection, one.Rate, spec)))
        .DefaultIfEmpty(0).Max();

    /// <summary>Factors that were made ready.</summary>
    public SiteTerms Of(WeightSite site, ClippingRate rate) => known[KeyOf(site, rate)];

    /// <summary>Makes factors ready, several at once.</summary>
    /// <param name="wanted">Matrices of a layer, with the rates that they are truncated at.</param>
    /// <param name="layer">Holds the matrices.</param>
    /// <exception cref="InputException">A weight is NaN or infinite; the message names the matrix.</exception>
    public void Prepare(IReadOnlyList<(WeightSite Site, ClippingRate Rate)> wanted, DecoderLayer layer)
    {
        var missing = wanted.DistinctBy(one => KeyOf(one.Site, one.Rate)).Where(one => !known.ContainsKey(KeyOf(one.Site, one.Rate))).ToArray();
        foreach (var (site, _) in missing) FiniteWeights.Require(layer.Projections[site.Projection].Weight, $"matrix {site}");
        var found = new SiteTerms?[missing.Length];
        try
        {
            Workers.Run(missing.Length, compute.Workers, i => found[i] = new SiteTerms(Factor(missing[i].Site, missing[i].Rate, layer.Projections[missing[i].Site.Projection].Weight), compute, pool));
        }
        catch
        {
            foreach (var terms in found) terms?.Dispose();
            throw;
        }

        foreach (var (one, terms) in missing.Zip(found)) known[KeyOf(one.Site, one.Rate)] = terms!;
    }

    /// <summary>Lets go of the factors of matrices that are not needed any more.</summary>
    public void Forget(Func<WeightSite, bool> which)
    {
        foreach (var key in known.Keys.Where(key => which(key.Site)).ToArray())
        {
            known[key].Dispose();
            known.Remove(key);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Forget(_ => true);

    private long BytesOf(Projection projection, ClippingRate rate, ModelSpec spec)
    {
        var shape = spec.ShapeOf((Part)projection);
        var terms = svd == SvdKind.Exact ? shape.Min() : rate.KeptRank(shape[0], shape[1]);
        return terms * shape.Sum() * (sizeof(float) + (compute.DType == torch.float32 ? sizeof(float) : compute.DType.ElementSize()));        // as they are, and packed or narrow
    }

    // One exact decomposition serves all rates; a randomised one is made for its rank.
    private (WeightSite, ClippingRate?) KeyOf(WeightSite site, ClippingRate rate) => (site, svd == SvdKind.Exact ? null : rate);

    private SpectralFactors Factor(WeightSite site, ClippingRate rate, torch.Tensor weight)
    {
        if (svd == SvdKind.Exact) return cache is null ? SpectralFactors.Of(weight) : cache.Of(weight);
        var rank = rate.KeptRank(weight.shape[0], weight.shape[1]);
        return RandomizedTruncation.Factors(weight, rank, RandomizedTruncation.SeedOf(seed, site, rank));
    }
}
