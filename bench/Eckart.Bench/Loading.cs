using System.Diagnostics;
using Eckart.Models;

namespace Eckart.Bench;

/// <summary>Opening and loading a checkpoint.</summary>
internal static class Loading
{
    public static void Measure(string path)
    {
        for (var round = 0; round < 3; round++)
        {
            var clock = Stopwatch.StartNew();
            var allocated = GC.GetTotalAllocatedBytes(precise: true);
            using var checkpoint = Checkpoint.Open(path);
            var (opened, openedBytes) = (clock.Elapsed.TotalSeconds, GC.GetTotalAllocatedBytes(precise: true) - allocated);
            using var model = CausalLm.Load(checkpoint, ComputeOptions.Cpu);
            Console.WriteLine($"open {opened:0.000} s ({openedBytes >> 10} KB allocated), load {clock.Elapsed.TotalSeconds - opened:0.000} s");
        }
    }
}
