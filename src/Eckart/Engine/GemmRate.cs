using System.Diagnostics;
using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Engine;

/// <summary>How fast a machine multiplies matrices: the rate that all timings are held against, as compared seconds of two machines say little.</summary>
public static class GemmRate
{
    private const int Rows = 1000, Inner = 576, Columns = 1536;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(0.15);

    /// <summary>Products of the size of SmolLM2's MLP over a thousand tokens, a one-thread product a worker at once.</summary>
    /// <param name="compute">Device, dtype and workers.</param>
    /// <returns>Operations a second of all workers together, each multiplication with its addition counted as two.</returns>
    public static double Measure(ComputeOptions compute)
    {
        ArgumentNullException.ThrowIfNull(compute);
        using var products = new OneThreadProducts();
        var rates = new double[compute.Workers];
        using var start = new Barrier(compute.Workers);
        Thread[] threads = [.. rates.Select((_, worker) => new Thread(() => rates[worker] = Multiply(compute, start)))];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        return rates.Sum();
    }

    private static double Multiply(ComputeOptions compute, Barrier start)
    {
        OneThreadProducts.OnThisThread();
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var (a, b) = (randn(Rows, Inner, compute.DType, compute.Device), randn(Columns, Inner, compute.DType, compute.Device).t());
        var product = empty(Rows, Columns, compute.DType, compute.Device);
        product.addmm_(a, b, 0, 1);
        start.SignalAndWait();
        var (clock, products) = (Stopwatch.StartNew(), 0);
        for (; clock.Elapsed < Time; products++) product.addmm_(a, b, 0, 1);
        return WorkCount.OfProduct(Rows, Inner, Columns) * products / clock.Elapsed.TotalSeconds;
    }
}
