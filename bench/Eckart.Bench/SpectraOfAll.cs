using System.Diagnostics;
using Eckart.Models;
using Eckart.Pruning;

namespace Eckart.Bench;

/// <summary>Spectra of every matrix, straight from the checkpoint.</summary>
internal static class SpectraOfAll
{
    public static void Measure(string path)
    {
        using var checkpoint = Checkpoint.Open(path);
        var clock = Stopwatch.StartNew();
        var count = Spectra.Of(checkpoint, Spectra.AllSites(checkpoint.Spec), ComputeOptions.Cpu.Workers).Count();
        Console.WriteLine($"spectra of {count} matrices {clock.Elapsed.TotalSeconds:0.0} s; peak memory so far {Machine.PeakMegabytes()} MB");
    }
}
