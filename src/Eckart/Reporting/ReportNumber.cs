using System.Globalization;
using Eckart.Statistics;

namespace Eckart.Reporting;

/// <summary>How a report writes its numbers, in any culture the same.</summary>
internal static class ReportNumber
{
    /// <summary>A share with four decimals; NaN and infinities by name.</summary>
    public static string Share(double value) => double.IsFinite(value) ? value.ToString("0.0000", CultureInfo.InvariantCulture) : Name(value);

    /// <summary>An end of an interval, or another share that three decimals are enough for.</summary>
    public static string Short(double value) => double.IsFinite(value) ? value.ToString("0.000", CultureInfo.InvariantCulture) : Name(value);

    /// <summary>A difference of shares, with its sign.</summary>
    public static string Difference(double value) => double.IsFinite(value) ? value.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture) : Name(value);

    /// <summary>The level of intervals, e.g. <c>95%</c>.</summary>
    /// <param name="alpha">One minus it, in (0, 1).</param>
    public static string Level(double alpha) => (100 * (1 - (decimal)alpha)).ToString("0.##########", CultureInfo.InvariantCulture) + "%";

    /// <summary>The levels of several runs, each once.</summary>
    public static string Levels(IEnumerable<RunContents> runs) => string.Join(" and ", runs.Select(run => Level(run.Alpha)).Distinct());

    /// <summary>Items that only the edited, and that only the unedited, model has right.</summary>
    public static string GainedAndLost(PairedComparison comparison) => string.Create(CultureInfo.InvariantCulture, $"{comparison.Gained}, {comparison.Lost}");

    /// <summary>A whole number.</summary>
    public static string Count(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>How many of what: <c>1 trial</c>, <c>2 trials</c>, <c>2 searches</c>.</summary>
    public static string Of(long number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number} {(number == 1 ? what : what[^1] is 'x' ? what[..^1] + "ces" : what + (what[^1] is 's' or 'h' ? "es" : "s"))}");

    /// <summary><c>0.864 to 0.897</c>.</summary>
    public static string Range(Interval interval) => $"{Short(interval.Low)} to {Short(interval.High)}";

    /// <summary><c>-0.107 to +0.071</c>.</summary>
    public static string Differences(Interval interval) => $"{Difference(interval.Low)} to {Difference(interval.High)}";

    /// <summary>An accuracy with its exact counts beside it.</summary>
    public static ReportCell Accuracy(Proportion proportion) => new(Share(proportion.Value))
    {
        Exact = string.Create(CultureInfo.InvariantCulture, $"{proportion.Correct} of {proportion.N} right = {proportion.Value:R}"),
    };

    private static string Name(double value) => double.IsNaN(value) ? "NaN" : value > 0 ? "infinity" : "-infinity";
}
