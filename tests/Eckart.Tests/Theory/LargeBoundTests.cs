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

    [LongFact]
    public void A_layer_of_a_large_model_takes_seconds_and_no_large_matrix()
    {
        var (weights, random, slowest) = (new ImplicitWeights(Size), new SplitMix64(1), TimeSpan.Zero);
        int[] owners = [.. Enumerable.Range(0, Demonstrations)];
        for (var layer = 0; layer < Layers; layer++)
        {
            var (values, keys) = (RealMatrix.Normal(random, Size, Demonstrations, 0.1 / Math.Sqrt(Size)), RealMatrix.Normal(random, Size, Demonstrations));
            var started = Stopwatch.GetTimestamp();
            var term = weights.Add(values, keys, owners, 16);
            var elapsed = Stopwatch.GetElapsedTime(started);
            slowest = elapsed > slowest ? elapsed : slowest;
            Assert.True(term.Summand(BoundForm.Printed, 1e-6) >= term.Summand(BoundForm.Spectral, 1e-6));
        }

        TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant($"D = {Size}, N = {Demonstrations}: the slowest of {Layers} layers took {slowest.TotalSeconds:0.0} s; peak memory of the process {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB"));
        Assert.True(slowest < TimeSpan.FromSeconds(30), $"{slowest}");      // under 10 s with the machine to itself
    }
}
