using System.Globalization;
using ScottPlot.TickGenerators;

namespace Eckart.Reporting;

/// <summary>An axis of powers of ten for data drawn as their base-10 logarithms.</summary>
internal static class LogAxis
{
    private const int MostLabels = 8;
    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /// <summary>Whole decades around the values; one decade at least.</summary>
    public static (int Low, int High) Decades(IEnumerable<double> logarithms)
    {
        double[] all = [.. logarithms.DefaultIfEmpty(0)];
        var low = (int)Math.Floor(all.Min());
        return (low, Math.Max(low + 1, (int)Math.Ceiling(all.Max())));
    }

    /// <summary>A labelled tick at powers of ten (every second, third, … where there are many), a small one at 2 … 9 times each.</summary>
    public static NumericManual Ticks(int low, int high)
    {
        var ticks = new NumericManual();
        var every = (high - low + MostLabels - 1) / MostLabels;
        for (var decade = low; decade <= high; decade++)
        {
            if ((decade - low) % every == 0) ticks.AddMajor(decade, Power(decade));
            else ticks.AddMinor(decade);
            if (every > 1 || decade == high) continue;
            for (var multiple = 2; multiple <= 9; multiple++) ticks.AddMinor(decade + Math.Log10(multiple));
        }

        return ticks;
    }

    private static string Power(int exponent) =>
        "10" + string.Concat(exponent.ToString(CultureInfo.InvariantCulture).Select(digit => digit == '-' ? '⁻' : Superscripts[digit - '0']));
}
