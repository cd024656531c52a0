using System.Numerics;

namespace Eckart.Statistics;

/// <summary>McNemar's test of two answers to the same questions.</summary>
public static class McNemar
{
    /// <summary>Two-sided p-value of the answers that differ, under the hypothesis that gaining and losing are equally likely.</summary>
    /// <param name="gained">Items wrong before and right after.</param>
    /// <param name="lost">Items right before and wrong after.</param>
    /// <returns>min(1, 2·P(X ≤ min(gained, lost))), X binomial with gained + lost throws of a fair coin.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative count.</exception>
    /// <remarks><b>Source</b>: Q. McNemar, Psychometrika 12 (1947), in its exact form. Exact: the tail is summed in integers and
    /// divided once. Cost: quadratic in the answers that differ, well under a second at 60,000.</remarks>
    public static double Exact(int gained, int lost)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(gained);
        ArgumentOutOfRangeException.ThrowIfNegative(lost);
        if (gained == lost) return 1;   // the two tails meet in the middle, which both would count

        var n = gained + lost;
        BigInteger ways = 1, tail = 1;
        for (var k = 1; k <= Math.Min(gained, lost); k++)
        {
            ways = ways * (n - k + 1) / k;
            tail += ways;
        }

        return OverPowerOfTwo(tail, n - 1);
    }

    // tail / 2^power with the 64 leading bits of the tail: neither of the two need fit a double.
    private static double OverPowerOfTwo(BigInteger tail, int power)
    {
        var dropped = (int)Math.Max(0, tail.GetBitLength() - 64);
        return Math.ScaleB((double)(tail >> dropped), dropped - power);
    }
}
