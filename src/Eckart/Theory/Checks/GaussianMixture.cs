using Eckart.Statistics;

namespace Eckart.Theory.Checks;

/// <summary>A noisy gradient of one number for each of a few prompts: N(G_k, C_k) with probability p_k. What it says of the prompt has no closed form, and is integrated.</summary>
/// <param name="shares">p.</param>
/// <param name="means">G.</param>
/// <param name="variances">C.</param>
internal sealed class GaussianMixture(double[] shares, double[] means, double[] variances)
{
    private const int Intervals = 4000;
    private const double Tails = 12;        // standard deviations: what lies beyond is below rounding

    /// <summary>Two to four prompts, one of them often rare.</summary>
    public static GaussianMixture Draw(SplitMix64 random)
    {
        var count = 2 + random.Below(3);
        double[] weights = [.. Enumerable.Range(0, count).Select(_ => 0.002 + Math.Pow(random.Uniform(), 4))];
        return new GaussianMixture([.. weights.Select(weight => weight / weights.Sum())], [.. weights.Select(_ => 3 * random.Normal())], [.. weights.Select(_ => 0.2 + random.Uniform())]);
    }

    /// <summary>I(noisy gradient; prompt), nats: the mixture's entropy by Simpson's rule less its parts'.</summary>
    public double Information
    {
        get
        {
            var width = Tails * Math.Sqrt(variances.Max());
            double from = means.Min() - width, step = (means.Max() + width - from) / Intervals, sum = 0;
            for (var i = 0; i <= Intervals; i++)
            {
                var density = Density(from + (i * step));
                sum += (i is 0 or Intervals ? 1 : i % 2 == 1 ? 4 : 2) * (density > 0 ? -density * Math.Log(density) : 0);
            }

            return (sum * step / 3) - Mean(k => (1 + Math.Log(2 * Math.PI * variances[k])) / 2);
        }
    }

    /// <summary>½·[log A₁ − A₂] with g̃ = 0: half of Lemma 6's summand, an upper bound.</summary>
    public double BoundAtZero => (Math.Log(Mean(k => (means[k] * means[k]) + variances[k])) - Mean(k => Math.Log(variances[k]))) / 2;

    /// <summary>The same with g̃ = E G.</summary>
    public double BoundAtMean
    {
        get
        {
            var mean = Mean(k => means[k]);
            return (Math.Log(Mean(k => ((means[k] - mean) * (means[k] - mean)) + variances[k])) - Mean(k => Math.Log(variances[k]))) / 2;
        }
    }

    /// <summary>½·E[log(G² + C) − log C]: the mean outside, as the last display of Lemma 6 has it.</summary>
    public double MeanOutside => Mean(k => Math.Log(((means[k] * means[k]) + variances[k]) / variances[k]) / 2);

    private double Mean(Func<int, double> of) => Enumerable.Range(0, shares.Length).Sum(k => shares[k] * of(k));

    private double Density(double at) => Mean(k => Math.Exp(-(at - means[k]) * (at - means[k]) / (2 * variances[k])) / Math.Sqrt(2 * Math.PI * variances[k]));
}
