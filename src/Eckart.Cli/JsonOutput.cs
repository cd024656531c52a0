using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Eckart.Cli;

/// <summary>JSON on standard output: UTF-8 text as it is, invariant numbers, nothing that JSON has no word for.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions Line = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Document = new(Line) { WriteIndented = true };

    /// <summary>One document, indented.</summary>
    public static void WriteJson(this TextWriter output, JsonNode document) => output.WriteLine(document.ToJsonString(Document));

    /// <summary>One line.</summary>
    public static void WriteJsonLine(this TextWriter output, JsonNode line) => output.WriteLine(line.ToJsonString(Line));

    /// <summary>A number, or null where it is infinite or none.</summary>
    public static JsonNode? Number(double? value) => value is { } number && double.IsFinite(number) ? JsonValue.Create(number) : null;

    /// <summary>A list of values.</summary>
    public static JsonArray Array<T>(IEnumerable<T> values) => new([.. values.Select(value => (JsonNode?)JsonValue.Create(value))]);
}
