using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Eckart.Formats;
using Eckart.Models;
using TorchSharp;

namespace Eckart.Pruning;

/// <summary>Spectra of a checkpoint's matrices, streamed: a model is never built, and a worker holds one matrix at a time.</summary>
public static class Spectra
{
    private const int MostWorkers = 512;    // of a parallel query

    /// <summary>The spectra of matrices, in the order asked for.</summary>
    /// <param name="checkpoint">Open while this is enumerated; still the caller's.</param>
    /// <param name="sites">Which matrices.</param>
    /// <param name="workers">Matrices at work at once, each on one thread; 1 holds the memory of one matrix.</param>
    /// <exception cref="InputException">A weight is NaN or infinite; the message names the tensor.</exception>
    public static IEnumerable<MatrixSpectrum> Of(Checkpoint checkpoint, IEnumerable<WeightSite> sites, int workers)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(sites);
        // One at a time to whoever is free: with a half for each of two, the first half would be told of at half the speed, and the second at once.
        var oneByOne = Partitioner.Create(sites, EnumerablePartitionerOptions.NoBuffering);
        return InOrder(oneByOne.AsParallel().AsOrdered().WithDegreeOfParallelism(Math.Clamp(workers, 1, MostWorkers)).WithMergeOptions(ParallelMergeOptions.NotBuffered)
            .Select(site => Attempt(checkpoint, site)));
    }

    /// <summary>Every projection of every layer, layer by layer.</summary>
    public static IEnumerable<WeightSite> AllSites(ModelSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return from layer in Enumerable.Range(0, spec.Layers) from projection in spec.Projections select new WeightSite(layer, projection);
    }

    private static IEnumerable<MatrixSpectrum> InOrder(ParallelQuery<(MatrixSpectrum? Spectrum, InputException? Refused)> attempts)
    {
        using var products = new OneThreadProducts();
        foreach (var (spectrum, refused) in attempts)
        {
            if (refused is not null) ExceptionDispatchInfo.Throw(refused);
            yield return spectrum!;
        }
    }

    // A refusal waits for its turn: of several bad matrices the first is named, whatever the number of workers.
    private static (MatrixSpectrum? Spectrum, InputException? Refused) Attempt(Checkpoint checkpoint, WeightSite site)
    {
        try
        {
            return (Of(checkpoint, site), null);
        }
        catch (InputException refused)
        {
            return (null, refused);
        }
    }

    private static MatrixSpectrum Of(Checkpoint checkpoint, WeightSite site)
    {
        OneThreadProducts.OnThisThread();
        using var scope = torch.NewDisposeScope();
        var stored = checkpoint.Stored((Part)site.Projection, site.Layer, bias: false);
        var weight = stored.Read(workers: 1);
        if (!weight.isfinite().all().item<bool>())
            throw new InputException($"{checkpoint.Path}: tensor '{stored.Name}'", "expected finite weights, found NaN or infinity", "take an undamaged checkpoint");
        var (m, n) = (weight.shape[0], weight.shape[1]);
        return new MatrixSpectrum(site, [m, n], SpectralSummary.Of(SingularValues.Of(weight), m, n, weight.std(unbiased: false).item<float>()));
    }
}
