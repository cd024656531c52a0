using Eckart.Statistics;

namespace Eckart.Theory.Checks;

/// <summary>Lemmas 2 to 5 and Eq. (16) and (17), each in a world so small that every quantity is exact.</summary>
internal static class InformationChecks
{
    public static IEnumerable<TheoryCheck> All =>
    [
        new("lemma-2", "|gen| ≤ √(2R²/N·I(W; H_s))", LemmaTwo) { Note = "every sample of up to five bits enumerated, a loss in [0, 1], R = ½" },
        new("lemma-3", "I(W_L; H_s) ≤ Σ_t I(noisy step t; H_s | W_{t−1})", LemmaThree) { Note = "linear Gaussian chains, where both sides have closed forms" },
        new("lemma-4", "I(X; Y) is the least E_X D_KL(Q_{Y|X} ‖ P) over priors P, attained at P = Q_Y", LemmaFour),
        new("lemma-5", "the same given W_{t−1}: the conditional information is the mean over W_{t−1} of that least divergence", LemmaFive),
        new("divergence", "Eq. 16: the divergence of N(G, C) from N(g̃, σ²·I)", Divergence) { Note = "against the sum of one-dimensional divergences along C's eigenvectors" },
        new("best-variance", "Eq. 17: it is least at σ² = A₁/d, where it is ½·d·log(A₁/d) − ½·A₂", BestVariance),
    ];

    private static CheckTrial LemmaTwo(SplitMix64 random)
    {
        var (samples, chance, outcomes) = (1 + random.Below(5), random.Uniform(), 3);
        var loss = RealMatrix.Of(outcomes, 2, (_, _) => random.Uniform());                       // l(w, z)
        var (rows, gap) = (new List<double[]>(), 0.0);
        for (var sample = 0; sample < 1 << samples; sample++)
        {
            var ones = int.PopCount(sample);
            var share = Math.Pow(chance, ones) * Math.Pow(1 - chance, samples - ones);
            double[] row = [.. Distribution(random, outcomes).Select(one => share * one)];      // P(s, w)
            for (var w = 0; w < outcomes; w++)
            {
                var (expected, seen) = (((1 - chance) * loss[w, 0]) + (chance * loss[w, 1]), (((samples - ones) * loss[w, 0]) + (ones * loss[w, 1])) / samples);
                gap += row[w] * (expected - seen);
            }

            rows.Add(row);
        }

        return CheckTrial.AtMost(Math.Abs(gap), DiscreteInformation.GeneralizationBound(0.5, samples, DiscreteInformation.Mutual(RealMatrix.OfRows([.. rows]))), "bound and gap");
    }

    private static CheckTrial LemmaThree(SplitMix64 random)
    {
        var chain = new GaussianChain((2 * random.Uniform()) - 0.5, random.Normal(), 0.1 + random.Uniform());
        var steps = 1 + random.Below(6);
        return CheckTrial.AtMost(chain.Last(steps), chain.Steps(steps), "information of the steps and of the last state");
    }

    private static CheckTrial LemmaFour(SplitMix64 random)
    {
        var joint = Joint(random);
        var information = DiscreteInformation.Mutual(joint);
        return CheckTrial.Worst(
            CheckTrial.Equal(Math.Abs(information - ByEntropies(joint)), Entropy(joint.Values)),       // what the information is a difference of
            CheckTrial.AtMost(information, DiscreteInformation.ExpectedDivergence(joint, Distribution(random, joint.Columns)), "a divergence and the information"));
    }

    private static CheckTrial LemmaFive(SplitMix64 random)
    {
        var states = Distribution(random, 3);
        RealMatrix[] given = [.. states.Select(_ => Joint(random))];                             // P(x, y | w)
        var conditional = states.Zip(given, (share, joint) => share * ByEntropies(joint)).Sum();
        var least = states.Zip(given, (share, joint) => share * DiscreteInformation.ExpectedDivergence(joint, DiscreteInformation.Marginal(joint))).Sum();
        var other = states.Zip(given, (share, joint) => share * DiscreteInformation.ExpectedDivergence(joint, Distribution(random, joint.Columns))).Sum();
        return CheckTrial.Worst(CheckTrial.Equal(Math.Abs(least - conditional), given.Max(joint => Entropy(joint.Values))), CheckTrial.AtMost(least, other, "another divergence and the least"));
    }

    private static CheckTrial Divergence(SplitMix64 random)
    {
        var variance = 0.1 + random.Uniform();
        (double Distance, double Variance)[] axes = [.. Enumerable.Range(0, 1 + random.Below(6)).Select(_ => (random.Normal(), 0.01 + random.Uniform()))];
        var expected = axes.Sum(axis => (Math.Log(variance / axis.Variance) / 2) + ((axis.Variance + (axis.Distance * axis.Distance)) / (2 * variance)) - 0.5);
        return CheckTrial.Equal(Math.Abs(Of(axes).At(variance) - expected), expected);
    }

    private static CheckTrial BestVariance(SplitMix64 random)
    {
        var divergence = Of([.. Enumerable.Range(0, 1 + random.Below(6)).Select(_ => (random.Normal(), 0.01 + random.Uniform()))]);
        return CheckTrial.Worst(
            CheckTrial.Equal(Math.Abs(divergence.At(divergence.BestVariance) - divergence.Least), divergence.Least),
            CheckTrial.AtMost(divergence.Least, divergence.At(divergence.BestVariance * Math.Exp(random.Normal())), "another divergence and the least"));
    }

    private static GaussianDivergence Of((double Distance, double Variance)[] axes) =>
        new(axes.Length, axes.Sum(axis => axis.Distance * axis.Distance), axes.Sum(axis => axis.Variance), axes.Sum(axis => Math.Log(axis.Variance)));

    // H(X) + H(Y) − H(X, Y): no divergence in it.
    private static double ByEntropies(RealMatrix joint) =>
        Entropy(DiscreteInformation.Marginal(joint.Transposed)) + Entropy(DiscreteInformation.Marginal(joint)) - Entropy(joint.Values);

    private static double Entropy(ReadOnlySpan<double> shares)
    {
        var sum = 0.0;
        foreach (var share in shares) sum -= share * Math.Log(share);
        return sum;
    }

    private static RealMatrix Joint(SplitMix64 random)
    {
        int rows = 2 + random.Below(3), columns = 2 + random.Below(3);
        return RealMatrix.Of(rows, columns, Distribution(random, rows * columns));
    }

    private static double[] Distribution(SplitMix64 random, int count)
    {
        double[] weights = [.. Enumerable.Range(0, count).Select(_ => 0.01 + random.Uniform())];
        return [.. weights.Select(weight => weight / weights.Sum())];
    }
}
