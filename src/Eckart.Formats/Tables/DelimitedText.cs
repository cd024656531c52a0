using System.Text;

namespace Eckart.Formats.Tables;

/// <summary>Rows of a CSV or TSV file whose first record names the columns; every value is text.</summary>
/// <param name="lines">The file.</param>
/// <param name="path">The file, as messages name it.</param>
/// <param name="delimiter">Comma or tab.</param>
/// <remarks><b>Source:</b> RFC 4180. Accepted beyond it: LF line ends, blank lines, and a quote inside a field that does not start with one, which is kept as it stands.</remarks>
internal sealed class DelimitedText(TextLines lines, string path, char delimiter)
{
    // More than any table has: a line of delimiters alone would become a hundred times its length of fields.
    private const int MostFields = 16_384;

    private string line = "";
    private string lineEnd = "";
    private int at;

    public static IEnumerable<Row> Read(Stream stream, string path, char delimiter) => new DelimitedText(new TextLines(stream, path), path, delimiter).Rows();

    private IEnumerable<Row> Rows()
    {
        var columns = NextRecord(out _) ?? throw new InputException(path, "expected a first line that names the columns, found nothing", "write the column names on the first line");
        if (columns.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InputException(lines.Where, $"expected each column once, found {Excerpt.Of(twice.Key)} twice", "rename one of them");

        for (var number = 0; NextRecord(out var where) is { } fields; number++)
        {
            if (fields.Count != columns.Count)
                throw new InputException(where, $"expected {columns.Count} fields as in the header, found {fields.Count}", "put fields that hold the delimiter, quotes or line breaks in double quotes");
            yield return new Row(number, where, columns.Zip(fields).ToDictionary(pair => pair.First, pair => new Cell(CellKind.Text, pair.Second), StringComparer.Ordinal));
        }
    }

    // A record starts on a line of its own and goes on over the line breaks inside its quotes.
    private List<string>? NextRecord(out string where)
    {
        do
        {
            var more = NextLine();
            where = lines.Where;
            if (!more) return null;
        }
        while (line.Length == 0);

        var fields = new List<string>();
        while (true)
        {
            if (fields.Count == MostFields) throw new InputException(where, $"expected at most {MostFields} fields, found more", "put fields that hold the delimiter in double quotes");
            fields.Add(at < line.Length && line[at] == '"' ? Quoted(where) : Plain());
            if (at == line.Length) return fields;
            if (line[at] != delimiter)
                throw new InputException(lines.Where, "expected a delimiter after a closing quote, found more text", "double the quotes inside a quoted field");
            at++;
        }
    }

    private string Plain()
    {
        var from = at;
        var found = line.IndexOf(delimiter, from);
        at = found < 0 ? line.Length : found;
        return line[from..at];
    }

    private string Quoted(string where)
    {
        var field = new StringBuilder();
        at++;
        while (true)
        {
            var quote = line.IndexOf('"', at);
            if (quote >= 0)
            {
                field.Append(line, at, quote - at);
                at = quote + 1;
                if (at == line.Length || line[at] != '"') return field.ToString();
                field.Append('"');
                at++;
                continue;
            }

            field.Append(line, at, line.Length - at).Append(lineEnd);
            if (field.Length > TextLines.Longest || !NextLine())
                throw new InputException(where, "expected a closing quote, found none", "close the quoted field that starts in this row");
        }
    }

    private bool NextLine()
    {
        var more = lines.Next(out var bytes);
        var carriageReturn = bytes.EndsWith("\r"u8);
        line = Encoding.UTF8.GetString(carriageReturn ? bytes[..^1] : bytes);
        lineEnd = carriageReturn ? "\r\n" : "\n";
        at = 0;
        return more;
    }
}
