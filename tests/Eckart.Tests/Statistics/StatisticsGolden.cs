using System.Text.Json;
using Eckart.Tests.Support;

namespace Eckart.Tests.Statistics;

/// <summary>Numbers of SciPy, statsmodels, scikit-learn and NumPy.</summary>
internal static class StatisticsGolden
{
    private const double Relative = 1e-9;

    public static JsonElement Read(string section)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Shared.Find("golden/statistics.json")));
        return document.RootElement.GetProperty(section).Clone();
    }

    public static double[] Numbers(this JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetDouble())];

    public static double[][] Rows(this JsonElement list) => [.. list.EnumerateArray().Select(Numbers)];

    public static int[] Integers(this JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetInt32())];

    public static double Number(this JsonElement entry, string name) => entry.GetProperty(name).GetDouble();

    public static int Integer(this JsonElement entry, string name) => entry.GetProperty(name).GetInt32();

    /// <summary>Within 1e-9 of the expected value, relative to it.</summary>
    public static void Close(double expected, double actual) =>
        Assert.True(Math.Abs(expected - actual) <= Relative * Math.Abs(expected), $"expected {expected:R}, got {actual:R}");
}
