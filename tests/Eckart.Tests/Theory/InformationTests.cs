using Eckart.Theory;
using Eckart.Theory.Checks;

namespace Eckart.Tests.Theory;

/// <summary>Informations with closed forms that are not the code's.</summary>
public sealed class InformationTests
{
    // A binary symmetric channel's capacity: log 2 − H(p).
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.3)]
    public void A_channel_tells_its_capacity(double flip)
    {
        var joint = RealMatrix.OfRows([(1 - flip) / 2, flip / 2], [flip / 2, (1 - flip) / 2]);

        Assert.Equal(Math.Log(2) + (flip * Math.Log(flip)) + ((1 - flip) * Math.Log(1 - flip)), DiscreteInformation.Mutual(joint), 1e-14);
    }

    [Fact]
    public void What_is_independent_tells_nothing() => Assert.Equal(0, DiscreteInformation.Mutual(RealMatrix.Outer([0.2, 0.8], [0.5, 0.3, 0.2])), 1e-15);

    // A sample of one fair coin, seen by W itself, the loss 1 where W is another: gen = ½, I = log 2, R = ½.
    [Fact]
    public void The_generalization_bound_is_its_formula() => Assert.Equal(Math.Sqrt(2 * 0.25 * Math.Log(2)), DiscreteInformation.GeneralizationBound(0.5, 1, Math.Log(2)), 1e-15);

    [Fact]
    public void One_step_of_a_chain_tells_what_a_Gaussian_channel_does()
    {
        var chain = new GaussianChain(0.7, 2, 0.5);

        Assert.Equal(Math.Log(1 + 16) / 2, chain.Last(1), 1e-14);
        Assert.Equal(chain.Last(1), chain.Steps(1), 1e-14);
        Assert.True(chain.Last(4) < chain.Steps(4));
    }

    [Fact]
    public void A_divergence_from_itself_is_0()
    {
        var divergence = new GaussianDivergence(3, 0, 3 * 0.25, 3 * Math.Log(0.25));

        Assert.Equal(0, divergence.At(0.25), 1e-14);
        Assert.Equal((0.25, 0), (divergence.BestVariance, Math.Round(divergence.Least, 14)));
        Assert.Equal(1.5 * ((0.25 / 0.5) - 1 - Math.Log(0.25 / 0.5)), divergence.At(0.5), 1e-14);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.1)]
    public void Prompts_far_apart_tell_which_they_were(double share)
    {
        var entropy = -(share * Math.Log(share)) - ((1 - share) * Math.Log(1 - share));

        Assert.Equal(entropy, new GaussianMixture([share, 1 - share], [-20, 20], [1, 0.5]).Information, 1e-9);
        Assert.Equal(0, new GaussianMixture([share, 1 - share], [1, 1], [2, 2]).Information, 1e-9);
    }
}
