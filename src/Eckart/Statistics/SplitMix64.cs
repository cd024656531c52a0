namespace Eckart.Statistics;

/// <summary>A seeded stream of 64-bit numbers that is the same on every machine and every version of .NET.</summary>
/// <param name="seed">Any number; equal seeds give equal streams.</param>
/// <remarks><b>Source</b>: Steele, Lea and Flood, OOPSLA 2014. Not for secrets.</remarks>
public sealed class SplitMix64(ulong seed)
{
    private ulong state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number in 0 … <paramref name="bound"/> − 1; its bias is below bound / 2⁶⁴.</summary>
    /// <param name="bound">At least one.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is not positive.</exception>
    public int Below(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        return (int)Math.BigMul(Next(), (ulong)bound, out _);
    }

    /// <summary>A number in [0, 1), of 53 bits.</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1L << 53));

    /// <summary>A number of the standard normal distribution.</summary>
    /// <remarks><b>Source</b>: Box and Muller 1958; its second number is not used, so that a stream's state is all that the next one depends on.</remarks>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    /// <summary>Puts in random order, every order alike.</summary>
    /// <param name="all">Changed in place.</param>
    /// <remarks><b>Source</b>: Fisher and Yates; Durstenfeld 1964.</remarks>
    public void Shuffle<T>(Span<T> all)
    {
        for (var last = all.Length - 1; last > 0; last--)
        {
            var other = Below(last + 1);
            (all[last], all[other]) = (all[other], all[last]);
        }
    }
}
