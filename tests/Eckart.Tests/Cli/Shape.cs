using System.Text.Json;

namespace Eckart.Tests.Cli;

/// <summary>Names and numbers of JSON documents.</summary>
internal static class Shape
{
    /// <summary>The names of an object, in order, separated by spaces.</summary>
    public static string Names(this JsonElement element) => string.Join(' ', element.EnumerateObject().Select(property => property.Name));

    /// <summary>The objects on the lines of a text.</summary>
    public static IReadOnlyList<JsonElement> Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    public static int[] Integers(this JsonElement element) => [.. element.EnumerateArray().Select(value => value.GetInt32())];

    public static double[] Numbers(this JsonElement element) => [.. element.EnumerateArray().Select(value => value.GetDouble())];

    public static string?[] Texts(this JsonElement element) => [.. element.EnumerateArray().Select(value => value.GetString())];
}
