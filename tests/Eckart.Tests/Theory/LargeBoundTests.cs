using System.Diagnostics;
using Eckart.Statistics;
using Eckart.Tests.Support;
using Eckart.Theory;

namespace Eckart.Tests.Theory;

/// <summary>The bound at the size of a real model's layers.</summary>
public sealed class LargeBoundTests
{
    private const int Size = 4096;
    private const int Demonstrations = 32;
    private const int Layers = 32;

    // The last layer costs most. The columns of all before it are given at once, as one layer of several columns a demonstration: their sum is what counts.
    [LongFact]
    public void The_last_layer_of_a_large_model_takes_seconds_and_no_large_matrix()
    {
        var (weights, random) = (new ImplicitWeights(Size), new SplitMix64(1));
        RealMatrix Values(int columns) => RealMatrix.Normal(random, Size, columns, 0.1 / Math.Sqrt(Size));
        RealMatrix Keys(int columns) => RealMatrix.Normal(random, Size, columns);
        const int before = (Layers - 1) * Demonstrations;
        weights.Add(Values(before), Keys(before), [.. Enumerable.Range(0, before).Select(column => column % Demonstrations)], 16);
        var (values, keys) = (Values(Demonstrations), Keys(Demonstrations));

        var (started, process) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var term = weights.Add(values, keys, [.. Enumerable.Range(0, Demonstrations)], 16);
        var (elapsed, used) = (Stopwatch.GetElapsedTime(started), Environment.CpuUsage.TotalTime - process);

        TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant($"D = {Size}, N = {Demonstrations}, layer {Layers}: {elapsed.TotalSeconds:0.0} s, {used.TotalSeconds:0.0} s of processors; peak memory of the process {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB"));
        Assert.True(term.Summand(BoundForm.Printed, 1e-6) > term.Summand(BoundForm.Spectral, 1e-6));
        Assert.True(term.Summand(BoundForm.Spectral, 1e-6) > term.Summand(BoundForm.Gradient, 1e-6));
        Assert.True(used < TimeSpan.FromSeconds(20), $"{used}");        // 10 s on two cores, whatever else they do
    }
}
