using System.Security.Cryptography;
using System.Text.Json;
using Eckart.Formats;

namespace Eckart.Experiments;

/// <summary>Reads a line of a journal, whichever kind it is of.</summary>
internal static class JournalLine
{
    public const string Remedy = "take the line out, and its trial will be run again; or use another --out";

    /// <summary>The line of the kind that its second key names; a line without one is read as a trial, and refused as such.</summary>
    /// <param name="json">The line without its end.</param>
    /// <param name="where">File and line, for messages.</param>
    /// <exception cref="InputException">A line of no kind, or whose numbers contradict each other.</exception>
    public static IJournalLine Parse(ReadOnlySpan<byte> json, string where)
    {
        if (IsSecondKey(json, SpectrumLine.KeyName)) return Checked(Read<SpectrumLine>(json, where, "a spectrum"), where, line => line.Spectrum.Id(), line => line.Contradiction());
        if (IsSecondKey(json, ErrorsLine.KeyName)) return Checked(Read<ErrorsLine>(json, where, "a learner's errors"), where, line => line.Learner.Id(), line => line.Contradiction());
        return TrialLine.Parse(json, where);
    }

    /// <summary>A line as a value.</summary>
    /// <param name="json">The line without its end.</param>
    /// <param name="where">File and line, for messages.</param>
    /// <param name="what">Was expected.</param>
    /// <exception cref="InputException">Another value.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json, string where, string what)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, TrialJson.Options) ?? throw new JsonException("null");
        }
        catch (JsonException exception)
        {
            throw new InputException(where, $"expected {what}, found {Found<T>(json, exception)}", Remedy, exception);
        }
    }

    /// <summary>The first 16 hexadecimal digits of the SHA-256 of a key's JSON: its fields in the order of the record, without spaces.</summary>
    public static string IdOf<T>(T key) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(key, TrialJson.Options)).AsSpan(0, 8));

    /// <summary>Whether a line is at least whole JSON: a line that was being written when the power went is not.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Found<T>(ReadOnlySpan<byte> json, JsonException exception)
    {
        if (!IsWhole(json)) return json.IndexOf("NaN"u8) >= 0 ? "a line that is not JSON, as NaN stands in it" : "a line that is not JSON";
        using var line = JsonDocument.Parse(json.ToArray());
        if (line.RootElement.ValueKind != JsonValueKind.Object) return $"another value at {exception.Path}";
        string[] missing = [.. TrialJson.Options.GetTypeInfo(typeof(T)).Properties.Where(one => one.IsRequired && !line.RootElement.TryGetProperty(one.Name, out _)).Select(one => $"'{one.Name}'")];
        return missing.Length > 0 ? $"one without {string.Join(", ", missing)}" : $"another value at {exception.Path}";
    }

    private static T Checked<T>(T line, string where, Func<T, string> id, Func<T, string?> contradiction)
        where T : class, IJournalLine
    {
        var expected = id(line);
        var found = line.Id == expected ? contradiction(line) : $"expected id {expected} of its key, found {Excerpt.Of(line.Id)}";
        return found is null ? line : throw new InputException(where, found, Remedy);
    }

    private static bool IsSecondKey(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            var names = 0;
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1) continue;
                if (++names == 2) return reader.ValueTextEquals(name);
                reader.Skip();
            }
        }
        catch (JsonException)
        {
        }

        return false;
    }
}
