using System.Globalization;

namespace Eckart.Statistics;

/// <summary>How a probability is written for people, in any culture the same.</summary>
public static class PValueText
{
    /// <summary>Four decimals, or a power of ten where those would be none.</summary>
    /// <param name="p">In [0, 1]; 0 stands for anything too small for a number.</param>
    public static string Of(double p) => p == 0 ? "below 1e-300" : p.ToString(p < 1e-4 ? "0.0e+0" : "0.####", CultureInfo.InvariantCulture);
}
