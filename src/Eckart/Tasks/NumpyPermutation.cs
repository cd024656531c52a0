namespace Eckart.Tasks;

/// <summary>NumPy's random permutations, which are those of Hugging Face <c>datasets.shuffle(seed)</c> and so the authors' rows.</summary>
/// <remarks><b>Source:</b> NumPy 1.17 and later: <c>SeedSequence</c> (after O'Neill's seed_seq_fe), <c>PCG64</c> (128-bit state, XSL-RR output; pcg-random.org),
/// <c>Generator.permutation</c> (Fisher-Yates from the end; an index is drawn by masking 32-bit words and rejecting those too large).</remarks>
public static class NumpyPermutation
{
    /// <summary><c>numpy.random.default_rng(seed).permutation(count)</c>.</summary>
    /// <param name="seed">Not negative.</param>
    /// <param name="count">Numbers to permute, not negative.</param>
    /// <returns>0 … count − 1, shuffled.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative seed or count.</exception>
    public static int[] Of(long seed, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(seed);
        ArgumentOutOfRangeException.ThrowIfNegative(count);

        var random = new Pcg64((ulong)seed);
        var order = new int[count];
        for (var i = 0; i < count; i++) order[i] = i;
        for (var i = count - 1; i > 0; i--)
        {
            var j = random.AtMost((uint)i);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }

    private sealed class Pcg64
    {
        private static readonly UInt128 Multiplier = new(0x2360ED051FC65DA4, 0x4385DF649FCCF645);

        private readonly UInt128 increment;
        private UInt128 state;
        private uint? upperHalf;   // a 64-bit draw serves two 32-bit ones, the lower half first

        public Pcg64(ulong seed)
        {
            var words = SeedWords(seed);
            increment = (new UInt128(words[2], words[3]) << 1) | 1;
            state = (increment + new UInt128(words[0], words[1])) * Multiplier + increment;
        }

        public int AtMost(uint largest)
        {
            var mask = uint.MaxValue >> int.CreateChecked(uint.LeadingZeroCount(largest));
            uint drawn;
            while ((drawn = Next32() & mask) > largest) { }
            return (int)drawn;
        }

        private uint Next32()
        {
            if (upperHalf is { } kept)
            {
                upperHalf = null;
                return kept;
            }
            state = state * Multiplier + increment;
            var output = ulong.RotateRight((ulong)(state >> 64) ^ (ulong)state, (int)(state >> 122));
            upperHalf = (uint)(output >> 32);
            return (uint)output;
        }
    }

    // SeedSequence(seed).generate_state(4, uint64)
    private static ulong[] SeedWords(ulong seed)
    {
        const uint poolMultiplier = 0x931E8875, stateMultiplier = 0x58F38DED;
        var constant = 0x43B0D7E5u;
        uint[] pool = [(uint)seed, (uint)(seed >> 32), 0, 0];
        for (var i = 0; i < pool.Length; i++) pool[i] = Hash(pool[i], ref constant, poolMultiplier);
        for (var source = 0; source < pool.Length; source++)
            for (var target = 0; target < pool.Length; target++)
                if (source != target) pool[target] = Mix(pool[target], Hash(pool[source], ref constant, poolMultiplier));

        constant = 0x8B51F9DD;
        var words = new ulong[4];
        for (var i = 0; i < 8; i++) words[i / 2] |= (ulong)Hash(pool[i % 4], ref constant, stateMultiplier) << (32 * (i % 2));
        return words;
    }

    private static uint Hash(uint value, ref uint constant, uint multiplier)
    {
        value ^= constant;
        constant *= multiplier;
        value *= constant;
        return value ^ (value >> 16);
    }

    private static uint Mix(uint x, uint y)
    {
        var mixed = 0xCA01F9DD * x - 0x4973F715 * y;
        return mixed ^ (mixed >> 16);
    }
}
