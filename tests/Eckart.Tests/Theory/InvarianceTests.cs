using CsCheck;
using Eckart.Statistics;
using Eckart.Theory;

namespace Eckart.Tests.Theory;

/// <summary>What changes nothing, whatever the layer and the prompt.</summary>
public sealed class InvarianceTests
{
    private const double Rounding = 1e-10;

    private static readonly Gen<(ulong Seed, int Size, int Count)> Instances = Gen.Select(Gen.ULong, Gen.Int[2, 6], Gen.Int[2, 7]);

    [Fact]
    public void Permuting_the_demonstrations_changes_no_gradient_and_no_bound() => Instances.Sample(one =>
    {
        var (layers, demonstrations) = (SomeLayer.Stack(one.Seed, 3, one.Size), SomeLayer.Demonstrations(one.Seed, one.Count, one.Size));
        int[] order = [.. Enumerable.Range(0, one.Count)];
        new SplitMix64(one.Seed).Shuffle<int>(order);

        var (before, after) = (Trajectory.Of(layers, demonstrations), Trajectory.Of(layers, demonstrations.Select(order)));

        foreach (var (left, right) in before.Steps.Zip(after.Steps))
        {
            Near(left.Gradient, right.Gradient);
            Assert.Equal(BoundTerm.Of(left, 1).Summand(BoundForm.Printed, 1e-2), BoundTerm.Of(right, 1).Summand(BoundForm.Printed, 1e-2), 1e-6);
        }
    });

    [Fact]
    public void A_zero_value_matrix_gives_zero_gradient() => Instances.Sample(one =>
    {
        var weights = SomeLayer.Weights(one.Seed, one.Size);
        var silent = new AttentionWeights(RealMatrix.Zero(one.Size, one.Size), weights.Key, weights.Query);

        var step = Trajectory.Of([silent], SomeLayer.Demonstrations(one.Seed, one.Count, one.Size)).Steps[0];

        Assert.Equal(0, step.Gradient.Norm);
        Assert.Equal(0, BoundTerm.Of(step, 1).Covariance.Trace);
    });

    [Fact]
    public void A_full_batch_has_no_noise() => Instances.Sample(one =>
    {
        var covariance = BoundTerm.Of(SomeLayer.Step(one.Seed, one.Count, one.Size), one.Count).Covariance;

        Assert.Equal(0, covariance.Trace);
        Assert.All(covariance.Eigenvalues, value => Assert.Equal(0, value));
    });

    [Fact]
    public void Truncation_at_no_rate_changes_no_bit() => Instances.Sample(one =>
    {
        var weights = SomeLayer.Weights(one.Seed, one.Size);

        var cut = weights.Truncated(one.Size, AttentionMatrix.Value, AttentionMatrix.Key, AttentionMatrix.Query);

        Assert.Same(weights.Value, cut.Value);
        Assert.Same(weights.Key, cut.Key);
        Assert.Same(weights.Query, cut.Query);
    });

    private static void Near(RealMatrix left, RealMatrix right) => Assert.True((left - right).Norm <= Rounding * (1 + left.Norm), $"differ by {(left - right).Norm}");
}
