using System.Diagnostics;

namespace Eckart.Bench;

/// <summary>What the figures were measured on: compare ratios, not seconds.</summary>
internal static class Machine
{
    public static string Describe() =>
        $"{Environment.ProcessorCount} cores, {System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture}, AVX-512 {(System.Runtime.Intrinsics.X86.Avx512F.IsSupported ? "yes" : "no")}, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC";

    public static long PeakMegabytes() => Process.GetCurrentProcess().PeakWorkingSet64 >> 20;
}
