using Eckart.Statistics;

namespace Eckart.Training;

/// <summary>Weights at the start of a training: normal numbers in every matrix, ones in the norms, zeros in the biases.</summary>
internal static class InitialWeights
{
    /// <summary>Fills the memory of all parameters.</summary>
    /// <param name="layout">What lies where.</param>
    /// <param name="values">All parameters; overwritten.</param>
    /// <param name="deviation">Of the matrices' numbers.</param>
    /// <param name="seed">Equal seeds give equal weights.</param>
    public static void Fill(ParameterLayout layout, Span<float> values, double deviation, long seed)
    {
        var random = new SplitMix64((ulong)seed);
        foreach (var slot in layout.Slots)
        {
            var part = values.Slice((int)slot.Offset, (int)slot.Count);
            if (!slot.IsMatrix) part.Fill(slot.Bias ? 0 : 1);
            else
                foreach (ref var value in part) value = (float)(deviation * random.Normal());
        }
    }
}
