using System.Globalization;
using System.Text.Json;

namespace Eckart.Formats.Tables;

/// <summary>Rows of a JSON Lines file: one object a line, blank lines skipped.</summary>
/// <remarks><b>Source:</b> jsonlines.org; RFC 8259. A key twice in an object is refused, where most parsers keep the last.</remarks>
internal static class JsonLines
{
    private const int MostFields = 16_384;

    public static IEnumerable<Row> Read(Stream stream, string path)
    {
        var lines = new TextLines(stream, path);
        var number = 0;
        while (lines.Next(out var line))
        {
            if (line.IndexOfAnyExcept(" \t\r"u8) < 0) continue;
            yield return new Row(number++, lines.Where, Cells(line, lines.Where));
        }
    }

    private static Dictionary<string, Cell> Cells(ReadOnlySpan<byte> line, string where)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                throw new InputException(where, $"expected an object, found {Name(reader.TokenType)}", "write each row as {\"field\": value, …}");

            var cells = new Dictionary<string, Cell>(StringComparer.Ordinal);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var key = reader.GetString()!;
                reader.Read();
                if (cells.Count == MostFields) throw new InputException(where, $"expected at most {MostFields} fields, found more", "write each row on a line of its own");
                if (!cells.TryAdd(key, Value(ref reader, where)))
                    throw new InputException(where, $"expected each field once, found {Excerpt.Of(key)} twice", "remove one of them");
            }
            reader.Read();   // whatever follows the object is an error of its own
            return cells;
        }
        catch (JsonException damaged)
        {
            throw new InputException(where, $"expected one JSON object, found something else at byte {damaged.BytePositionInLine}", "write one object a line", damaged);
        }
        catch (InvalidOperationException surrogate)
        {
            throw new InputException(where, "expected text, found an escaped surrogate without its pair", "write the character itself, or both halves", surrogate);
        }
    }

    private static Cell Value(ref Utf8JsonReader reader, string where)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String: return new Cell(CellKind.Text, reader.GetString()!);
            case JsonTokenType.Number: return new Cell(CellKind.Number, Shortest(ref reader));
            case JsonTokenType.True: return new Cell(CellKind.Boolean, "true");
            case JsonTokenType.False: return new Cell(CellKind.Boolean, "false");
            case JsonTokenType.Null: return new Cell(CellKind.Null, "");
            default:
                CheckNested(reader, where);
                return new Cell(CellKind.Nested, JsonElement.ParseValue(ref reader).GetRawText());
        }
    }

    // A nested value is kept as it is written: what is wrong with it would come up where it is used, far from its line.
    private static void CheckNested(Utf8JsonReader reader, string where)
    {
        var depth = reader.CurrentDepth;
        var keys = new Stack<HashSet<string>>();
        do
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject: keys.Push(new HashSet<string>(StringComparer.Ordinal)); break;
                case JsonTokenType.EndObject: keys.Pop(); break;
                case JsonTokenType.String: reader.GetString(); break;
                case JsonTokenType.PropertyName when reader.GetString()! is var key && !keys.Peek().Add(key):
                    throw new InputException(where, $"expected each key of an object once, found {Excerpt.Of(key)} twice", "remove one of them");
            }
        }
        while (reader.Read() && reader.CurrentDepth > depth);
    }

    // 1, 1.0 and 1e0 are one label.
    private static string Shortest(ref Utf8JsonReader reader) => reader.TryGetInt64(out var whole)
        ? whole.ToString(CultureInfo.InvariantCulture)
        : reader.GetDouble().ToString("R", CultureInfo.InvariantCulture);

    private static string Name(JsonTokenType token) => token switch
    {
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "true or false",
    };
}
