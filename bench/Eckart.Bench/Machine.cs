using System.Diagnostics;
using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Bench;

/// <summary>What the figures were measured on: compare ratios, not seconds.</summary>
internal static class Machine
{
    public static string Describe() =>
        $"{Environment.ProcessorCount} cores, {System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture}, AVX-512 {(System.Runtime.Intrinsics.X86.Avx512F.IsSupported ? "yes" : "no")}, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC";

    public static long PeakMegabytes() => Process.GetCurrentProcess().PeakWorkingSet64 >> 20;

    /// <summary>float32 products of SmolLM2's MLP size, one a core at once, in multiplications and additions a second.</summary>
    public static double GemmRate()
    {
        const int Rows = 1000, Inner = 576, Columns = 1536, Repeats = 40;
        var workers = ComputeOptions.Cpu.Workers;
        var seconds = new double[workers];
        Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers }, worker =>
        {
            using var scope = NewDisposeScope();
            set_num_threads(1);
            var (a, b) = (randn(Rows, Inner), randn(Columns, Inner));
            a.mm(b.t()).Dispose();
            var clock = Stopwatch.StartNew();
            for (var i = 0; i < Repeats; i++) a.mm(b.t()).Dispose();
            seconds[worker] = clock.Elapsed.TotalSeconds;
        });
        return workers * 2.0 * Rows * Inner * Columns * Repeats / seconds.Max();
    }
}
