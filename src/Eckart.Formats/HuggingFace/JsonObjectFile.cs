using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace Eckart.Formats.HuggingFace;

/// <summary>The small JSON files beside a checkpoint's weights, read strictly: UTF-8, one object, each key once.</summary>
internal static class JsonObjectFile
{
    private const long LongestFile = 100_000_000;
    private const string Remedy = "download or save the file again";

    public static JsonObject Read(string path)
    {
        try
        {
            // A pipe has no length either, and opening one could wait forever.
            using var stream = new FileInfo(path).Length == 0 ? Stream.Null : File.OpenRead(path);
            if (stream.Length is 0 or > LongestFile)
                throw new InputException(path, $"expected a JSON file of 1 to {LongestFile} bytes, found {stream.Length}", Remedy);

            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return Parse(bytes, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"expected a JSON file, found one that cannot be read: {e.Message}", "check the path and its permissions", e);
        }
    }

    private static JsonObject Parse(byte[] bytes, string where)
    {
        if (!Utf8.IsValid(bytes)) throw new InputException(where, "expected a file in UTF-8, found other bytes", Remedy);
        try
        {
            CheckTexts(bytes);
            return JsonNode.Parse(bytes, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject
                ?? throw new InputException(where, "expected a JSON object, found another value", Remedy);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InputException(where, $"expected JSON, found a fault: {Excerpt.Of(e)}", Remedy, e);
        }
    }

    // Texts are unescaped when they are first used; half of an escaped surrogate pair would throw there and not here.
    private static void CheckTexts(byte[] bytes)
    {
        var json = new Utf8JsonReader(bytes);
        while (json.Read())
        {
            if (json.ValueIsEscaped) json.GetString();
        }
    }
}
