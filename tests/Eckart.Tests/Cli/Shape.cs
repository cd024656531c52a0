using System.Globalization;
using System.Text.Json;

namespace Eckart.Tests.Cli;

/// <summary>Names and numbers of JSON documents, and a culture that must not show in them.</summary>
internal static class Shape
{
    /// <summary>A culture that writes numbers as German does; the build is culture-invariant, so that there is no de-DE to ask for.</summary>
    public static CultureInfo Comma { get; } = new("") { NumberFormat = { NumberDecimalSeparator = ",", NumberGroupSeparator = ".", NegativeSign = "−" } };

    /// <summary>The names of an object, in order, separated by spaces.</summary>
    public static string Names(this JsonElement element) => string.Join(' ', element.EnumerateObject().Select(property => property.Name));

    /// <summary>The objects on the lines of a text.</summary>
    public static IReadOnlyList<JsonElement> Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    public static int[] Integers(this JsonElement element) => [.. element.EnumerateArray().Select(value => value.GetInt32())];

    public static double[] Numbers(this JsonElement element) => [.. element.EnumerateArray().Select(value => value.GetDouble())];

    public static string?[] Texts(this JsonElement element) => [.. element.EnumerateArray().Select(value => value.GetString())];
}
