using Eckart.Statistics;

namespace Eckart.Theory;

/// <summary>φ(x)_k = exp(ω_k·x − ‖x‖²/2)/√m with ω_k ~ N(0, I): E[φ(x)ᵀ·φ(y)] = exp(xᵀ·y), and every feature is positive.</summary>
/// <remarks><b>Source</b>: Choromanski et al. 2021, arXiv 2009.14794, Lemma 1.</remarks>
public sealed class PositiveFeatures
{
    private readonly RealMatrix frequencies;

    /// <summary>Draws ω.</summary>
    /// <param name="random">The stream.</param>
    /// <param name="count">m.</param>
    /// <param name="size">Numbers of an x.</param>
    public PositiveFeatures(SplitMix64 random, int count, int size) => frequencies = RealMatrix.Normal(random, count, size);

    /// <summary>φ(x), m numbers.</summary>
    public double[] Of(ReadOnlySpan<double> x)
    {
        var half = RealMatrix.Dot(x, x) / 2;
        return Array.ConvertAll(frequencies.Times(x), product => Math.Exp(product - half) / Math.Sqrt(frequencies.Rows));
    }

    /// <summary>Standard deviation of φ(x)ᵀ·φ(y) over draws of ω.</summary>
    public double Deviation(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double xx = RealMatrix.Dot(x, x), yy = RealMatrix.Dot(y, y), xy = RealMatrix.Dot(x, y);
        return Math.Sqrt((Math.Exp(xx + yy + (4 * xy)) - Math.Exp(2 * xy)) / frequencies.Rows);
    }
}
