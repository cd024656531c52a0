using System.Diagnostics;
using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Engine;

/// <summary>How fast a machine multiplies matrices: the rate that all timings are held against, as compared seconds of two machines say little.</summary>
/// <param name="PerSecond">Operations a second of all workers together, each multiplication with its addition counted as two.</param>
/// <param name="PerProcessorSecond">The same for each second that a processor was at it: what else runs on the machine has less part in it.</param>
public readonly record struct GemmRate(double PerSecond, double PerProcessorSecond)
{
    private const int Rows = 1000, Inner = 576, Columns = 1536;
    private const ulong Seed = 1;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(0.15);

    /// <summary>Takes products of the size of SmolLM2's MLP over a thousand tokens, a one-thread product a worker at once; nothing else may be at work in this process.</summary>
    /// <param name="compute">Device, dtype and workers.</param>
    public static GemmRate Measure(ComputeOptions compute)
    {
        ArgumentNullException.ThrowIfNull(compute);
        using var products = new OneThreadProducts();
        var found = new (long Operations, double Seconds)[compute.Workers];
        using var start = new Barrier(compute.Workers + 1);
        Thread[] threads = [.. found.Select((_, worker) => new Thread(() => found[worker] = Multiply(compute, start)))];
        foreach (var thread in threads) thread.Start();
        start.SignalAndWait();
        var before = Environment.CpuUsage.TotalTime;
        foreach (var thread in threads) thread.Join();
        return new GemmRate(found.Sum(one => one.Operations / one.Seconds), found.Sum(one => one.Operations) / (Environment.CpuUsage.TotalTime - before).TotalSeconds);
    }

    private static (long Operations, double Seconds) Multiply(ComputeOptions compute, Barrier start)
    {
        OneThreadProducts.OnThisThread();
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator(Seed, CPU);
        var (a, b) = (randn(Rows, Inner, generator: generator).to(compute.DType, compute.Device), randn(Columns, Inner, generator: generator).to(compute.DType, compute.Device).t());
        var product = empty(Rows, Columns, compute.DType, compute.Device);
        product.addmm_(a, b, 0, 1);
        start.SignalAndWait();
        var (clock, products) = (Stopwatch.StartNew(), 0);
        for (; clock.Elapsed < Time; products++) product.addmm_(a, b, 0, 1);
        return (WorkCount.OfProduct(Rows, Inner, Columns) * products, clock.Elapsed.TotalSeconds);
    }
}
