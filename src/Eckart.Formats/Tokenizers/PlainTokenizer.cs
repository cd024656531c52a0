using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tokenizers.DotNet;

namespace Eckart.Formats.Tokenizers;

/// <summary>Loads the library with a copy of a <c>tokenizer.json</c> that neither adds nor hides anything.</summary>
internal static class PlainTokenizer
{
    private static readonly JsonWriterOptions AsItIs = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="InputException">The library's reason to refuse it, or no place for the copy.</exception>
    public static Tokenizer Load(JsonObject tokenizer, string where)
    {
        // The library takes a path only.
        var path = Path.Combine(Path.GetTempPath(), $"eckart-{Environment.ProcessId}-{Guid.NewGuid():N}.json");
        try
        {
            using (var file = new FileStream(path, FileMode.CreateNew)) Write(tokenizer, file);
            return new Tokenizer(path);
        }
        catch (TokenizerException error)
        {
            throw new InputException(where, $"expected a tokenizer that the library takes, found that it does not: {Excerpt.Of(error)}", "take the tokenizer.json that belongs to the model", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"expected to write a copy of {where}, found: {error.Message}", "make room, or set TMPDIR to a folder that can be written to", error);
        }
        finally
        {
            if (File.Exists(path)) File.Delete(path);
        }
    }

    private static void Write(JsonObject tokenizer, Stream file)
    {
        using var writer = new Utf8JsonWriter(file, AsItIs);
        writer.WriteStartObject();
        foreach (var (key, value) in tokenizer)
        {
            writer.WritePropertyName(key);
            if (key is "post_processor" or "truncation" or "padding" || value is null)
                writer.WriteNullValue();
            else if (key is "added_tokens" && value is JsonArray tokens)
                WriteUnmarked(tokens, writer);
            else
                value.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    private static void WriteUnmarked(JsonArray tokens, Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (var token in tokens)
        {
            var copy = token!.DeepClone();
            copy["special"] = false;
            copy.WriteTo(writer);
        }

        writer.WriteEndArray();
    }
}
