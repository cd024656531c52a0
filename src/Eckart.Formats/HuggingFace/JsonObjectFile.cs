using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace Eckart.Formats.HuggingFace;

/// <summary>The small JSON files beside a checkpoint's weights, read strictly: UTF-8, one object, each key once.</summary>
internal static class JsonObjectFile
{
    /// <summary>Bytes of the longest file that is read: vocabularies and indices of shards reach tens of millions.</summary>
    public const long LongestFile = 100_000_000;

    private const string Remedy = "download or save the file again";

    /// <param name="path">The file.</param>
    /// <param name="longest">Bytes beyond which nobody's is of this kind; what is made of them takes some twenty times as much.</param>
    /// <exception cref="InputException">It cannot be read, or is not such a file; the key at fault is named where there is one.</exception>
    public static JsonObject Read(string path, long longest = LongestFile)
    {
        try
        {
            // A pipe has no length either, and opening one could wait forever.
            using var stream = new FileInfo(path).Length == 0 ? Stream.Null : File.OpenRead(path);
            if (stream.Length == 0 || stream.Length > longest)
                throw new InputException(path, $"expected a JSON file of 1 to {longest} bytes, found {stream.Length}", Remedy);

            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return Parse(bytes, path, Remedy);
        }
        catch (Exception e) when ((e is FileNotFoundException or DirectoryNotFoundException) && !Directory.Exists(path))
        {
            throw new InputException(path, "expected a JSON file, found no such file", "take the whole checkpoint, or save the file with it", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"expected a JSON file, found one that cannot be read: {e.Message}", "check the path and its permissions", e);
        }
    }

    /// <summary>The same of bytes from elsewhere.</summary>
    public static JsonObject Parse(byte[] bytes, string where, string remedy)
    {
        if (!Utf8.IsValid(bytes)) throw new InputException(where, "expected a file in UTF-8, found other bytes", remedy);
        var key = Range.EndAt(0);
        try
        {
            Check(bytes, ref key);
            return JsonNode.Parse(bytes, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject
                ?? throw new InputException(where, "expected a JSON object, found another value", remedy);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            var name = Encoding.UTF8.GetString(bytes.AsSpan(key));
            throw new InputException(name.Length == 0 ? where : $"{where}: key {Excerpt.Of(name)}", $"expected JSON, found a fault: {Excerpt.Of(e)}", remedy, e);
        }
    }

    // Texts are unescaped when they are first used; half of an escaped surrogate pair would throw there and not here.
    // The key is that of the value at fault, e.g. NaN, as it is written; empty where no value is.
    private static void Check(byte[] bytes, ref Range key)
    {
        var json = new Utf8JsonReader(bytes);
        while (json.Read())
        {
            if (json.ValueIsEscaped) json.GetString();
            var start = (int)json.TokenStartIndex + 1;
            key = json.TokenType == JsonTokenType.PropertyName ? start..(start + json.ValueSpan.Length) : Range.EndAt(0);
        }
    }
}
