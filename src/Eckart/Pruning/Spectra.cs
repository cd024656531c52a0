using System.Runtime.ExceptionServices;
using Eckart.Formats;
using Eckart.Models;
using TorchSharp;

namespace Eckart.Pruning;

/// <summary>Spectra of a checkpoint's matrices, streamed: a model is never built, and a worker holds one matrix at a time.</summary>
public static class Spectra
{
    /// <summary>The spectra of matrices, in the order asked for.</summary>
    /// <param name="checkpoint">Open while this is enumerated; still the caller's.</param>
    /// <param name="sites">Which matrices.</param>
    /// <param name="workers">Matrices at work at once, each on one thread; 1 holds the memory of one matrix.</param>
    /// <exception cref="InputException">A weight is NaN or infinite; the message names the tensor.</exception>
    public static IEnumerable<MatrixSpectrum> Of(Checkpoint checkpoint, IEnumerable<WeightSite> sites, int workers)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(sites);
        return OneByOne(sites.AsParallel().AsOrdered().WithDegreeOfParallelism(workers).WithMergeOptions(ParallelMergeOptions.NotBuffered)
            .Select(site => Of(checkpoint, site)));
    }

    /// <summary>Every projection of every layer, layer by layer.</summary>
    public static IEnumerable<WeightSite> AllSites(ModelSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return from layer in Enumerable.Range(0, spec.Layers) from projection in spec.Projections select new WeightSite(layer, projection);
    }

    private static IEnumerable<MatrixSpectrum> OneByOne(ParallelQuery<MatrixSpectrum> spectra)
    {
        using var products = new OneThreadProducts();
        using var all = spectra.GetEnumerator();
        while (Next(all)) yield return all.Current;
    }

    // A parallel query wraps whatever a matrix throws.
    private static bool Next(IEnumerator<MatrixSpectrum> spectra)
    {
        try
        {
            return spectra.MoveNext();
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.Flatten().InnerExceptions[0]);
            throw;
        }
    }

    private static MatrixSpectrum Of(Checkpoint checkpoint, WeightSite site)
    {
        OneThreadProducts.OnThisThread();
        using var scope = torch.NewDisposeScope();
        var stored = checkpoint.Stored((Part)site.Projection, site.Layer, bias: false);
        var weight = stored.Read();
        if (!weight.isfinite().all().item<bool>())
            throw new InputException($"{checkpoint.Path}: tensor '{stored.Name}'", "expected finite weights, found NaN or infinity", "take an undamaged checkpoint");
        var (m, n) = (weight.shape[0], weight.shape[1]);
        return new MatrixSpectrum(site, [m, n], SpectralSummary.Of(SingularValues.Of(weight), m, n, weight.std(unbiased: false).item<float>()));
    }
}
