namespace Eckart.Statistics;

/// <summary>The standard normal distribution: the quantile that intervals need, the tails that tests need.</summary>
internal static class NormalDistribution
{
    private const int MostSteps = 100;
    private const double SeriesUpTo = 3;

    /// <summary>The z for which |Z| &gt; z has probability <paramref name="alpha"/>, to about 14 digits.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> is outside (0, 1).</exception>
    public static double TwoSidedQuantile(double alpha)
    {
        if (alpha is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "A level is a share in (0, 1), e.g. 0.05.");

        // Newton on the logarithm of P(Z > z), which is concave: after one step it comes down to the root and never passes it.
        double target = Math.Log(alpha) - Math.Log(2), z = 0;
        for (var i = 0; i < MostSteps; i++)
        {
            var ratio = MillsRatio(z);
            var step = (Math.Log(ratio) + LogDensity(z) - target) * ratio;
            z += step;
            if (Math.Abs(step) <= 1e-15 * z) break;
        }

        return z;
    }

    /// <summary>log P(Z ≤ z), a good number far out on either side.</summary>
    public static double LogLowerTail(double z)
    {
        var outer = LogDensity(z) + Math.Log(MillsRatio(Math.Abs(z)));        // log P(Z > |z|)
        return z <= 0 ? outer : Math.Log(1 - Math.Exp(outer));
    }

    private static double LogDensity(double z) => -z * z / 2 - Math.Log(2 * Math.PI) / 2;

    /// <summary>P(Z &gt; z) over the density at z, z ≥ 0; it stays a good number where both of them underflow.</summary>
    private static double MillsRatio(double z) => z <= SeriesUpTo ? 0.5 / Math.Exp(LogDensity(z)) - Series(z) : Fraction(z);

    // z + z³/3 + z⁵/(3·5) + … : positive terms only.
    private static double Series(double z)
    {
        double term = z, sum = z;
        for (var k = 3; term > 1e-17 * sum; k += 2) sum += term *= z * z / k;
        return sum;
    }

    // Laplace's continued fraction 1/(z + 1/(z + 2/(z + 3/(z + …)))), from the inside out.
    private static double Fraction(double z)
    {
        var inner = z;
        for (var k = 100; k >= 1; k--) inner = z + k / inner;
        return 1 / inner;
    }
}
