using System.Globalization;

namespace Eckart.Cli;

/// <summary>How the tables of <c>theory</c> write numbers of any size.</summary>
internal static class TheoryNumbers
{
    /// <summary>Four digits or so; <c>-</c> where there is none.</summary>
    public static string Short(double value) => value switch
    {
        double.NaN => "-",
        0 => "0",
        _ when Math.Abs(value) is >= 1e-3 and < 1e4 => value.ToString(Math.Abs(value) < 10 ? "0.000" : "0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.0e+0", CultureInfo.InvariantCulture),
    };

    /// <summary>How many times what it was; <c>=</c> where it is the very same.</summary>
    public static string Ratio(double after, double before) => after == before ? "=" : (after / before).ToString("0.000", CultureInfo.InvariantCulture);
}
