using System.CommandLine;
using Eckart.Models;
using Eckart.Pruning;

namespace Eckart.Cli;

/// <summary>Reads spectra with a progress bar, one matrix a thread.</summary>
internal static class SpectraWithProgress
{
    public static IReadOnlyList<MatrixSpectrum> Read(Checkpoint checkpoint, IReadOnlyList<WeightSite> sites, ParseResult args, CancellationToken cancellation)
    {
        using var progress = Progress.Start(args, "spectra", "matrices", sites.Count);
        var spectra = new List<MatrixSpectrum>(sites.Count);
        foreach (var spectrum in Spectra.Of(checkpoint, sites, Compute.Threads(args)))
        {
            cancellation.ThrowIfCancellationRequested();
            spectra.Add(spectrum);
            progress.Advance();
        }

        return spectra;
    }
}
