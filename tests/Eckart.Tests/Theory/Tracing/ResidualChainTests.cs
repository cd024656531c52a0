using CsCheck;
using Eckart.Theory;
using Eckart.Theory.Tracing;

namespace Eckart.Tests.Theory.Tracing;

/// <summary>The chain of a real model beside the paper's own recursion, each of which the other was not made from.</summary>
public sealed class ResidualChainTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Terms_of_plain_layers_are_those_of_their_trajectory(bool matrices) =>
        Gen.Select(Gen.ULong, Gen.Int[2, 6], Gen.Int[2, 7]).Sample((seed, size, count) =>
        {
            var steps = Trajectory.Of(SomeLayer.Stack(seed, 4, size), SomeLayer.Demonstrations(seed, count, size)).Steps;

            foreach (var (found, step) in PlainChain.Terms(steps, 1, matrices).Zip(steps))
            {
                var expected = BoundTerm.Of(step, 1);
                Relative(expected.UpdateSquared, found.UpdateSquared);
                Relative(expected.OperatorSquared, found.OperatorSquared);
                Relative(expected.OperatorSpectralSquared, found.OperatorSpectralSquared);
                Relative(expected.GradientSquared, found.GradientSquared);
                Relative(expected.Covariance.Trace, found.Covariance.Trace);
            }
        }, iter: 50);

    [Fact]
    public void Squares_that_no_float64_holds_are_not_finite()
    {
        Assert.True(new ChainStep(1e100, 1e100, [1e200]).IsFinite);
        Assert.False(new ChainStep(1e160, 1, [1]).IsFinite);
        Assert.False(new ChainStep(1, 1e160, [1]).IsFinite);
        Assert.False(new ChainStep(1, 1, [1, double.NaN]).IsFinite);
    }

    private static void Relative(double expected, double found) => Assert.True(Math.Abs(expected - found) <= 1e-8 * Math.Abs(expected), $"{found} for {expected}");
}
