using System.Text.Json;
using System.Text.Json.Serialization;

namespace Eckart.Experiments;

/// <summary>Scores as JSON has them, a row a query: the same bytes as without it, read with an array a row and nothing besides. Of long journals, most bytes are scores.</summary>
internal sealed class ScoresJson : JsonConverter<IReadOnlyList<double[]>>
{
    private const int UsualChoices = 16;

    /// <inheritdoc/>
    public override IReadOnlyList<double[]> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException();
        var rows = new List<double[]>();
        Span<double> row = stackalloc double[UsualChoices];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.Null)
            {
                rows.Add(null!);        // refused by what reads the line, as any row without its gold choice
                continue;
            }

            if (reader.TokenType != JsonTokenType.StartArray) throw Unexpected(rows.Count);
            var count = 0;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType != JsonTokenType.Number) throw Unexpected(rows.Count);
                if (count == row.Length) row = Longer(row);
                row[count++] = reader.GetDouble();
            }

            rows.Add(row[..count].ToArray());
        }

        return rows;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IReadOnlyList<double[]> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var row in value)
        {
            writer.WriteStartArray();
            foreach (var score in row) writer.WriteNumberValue(score);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    private static double[] Longer(Span<double> row)
    {
        var longer = new double[2 * row.Length];
        row.CopyTo(longer);
        return longer;
    }

    private static JsonException Unexpected(int row) => new(null, FormattableString.Invariant($"$.scores[{row}]"), null, null);
}
