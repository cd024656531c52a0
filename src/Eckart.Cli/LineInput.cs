using System.CommandLine;
using System.Text.Json;
using Eckart.Formats;
using Eckart.Formats.Tables;

namespace Eckart.Cli;

/// <summary>Lines of JSON that a verb reads, checked field by field.</summary>
internal static class LineInput
{
    public static readonly Option<string> Option = new("--input") { Description = "A JSON Lines file.", HelpName = "FILE.jsonl" };

    /// <summary>The rows of <c>--input</c>.</summary>
    public static IEnumerable<Row> Read(ParseResult args) => args.GetValue(Option) is { Length: > 0 } path
        ? TableFile.Read(path)
        : throw new InputException(Option.Name, "expected a JSON Lines file, found none", $"give one with {Option.Name} FILE.jsonl");

    /// <summary>Runs <paramref name="read"/>, naming the row in whatever it refuses.</summary>
    public static T At<T>(Row row, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InputException problem) when (!problem.Problems[0].Where.StartsWith(row.Where, StringComparison.Ordinal))
        {
            throw new InputException(row.Where, problem.Problems[0].Found, problem.Problems[0].Remedy, problem);
        }
    }

    /// <summary>A list of integers.</summary>
    public static int[] Integers(Row row, string field) => List<int[]>(row, field, "a list of whole numbers");

    /// <summary>A list of texts.</summary>
    public static string[] Texts(Row row, string field) => List<string?[]>(row, field, "a list of texts") is var texts && !texts.Contains(null)
        ? [.. texts.OfType<string>()]
        : throw NotA(row, field, "a list of texts");

    /// <summary>A list of lists of integers.</summary>
    public static int[][] IntegerLists(Row row, string field) => List<int[]?[]>(row, field, "a list of lists of whole numbers") is var lists && !lists.Contains(null)
        ? [.. lists.OfType<int[]>()]
        : throw NotA(row, field, "a list of lists of whole numbers");

    private static T List<T>(Row row, string field, string what)
    {
        try
        {
            return row.Json(field).Deserialize<T>() ?? throw NotA(row, field, what);
        }
        catch (JsonException)
        {
            throw NotA(row, field, what);
        }
    }

    private static InputException NotA(Row row, string field, string what) => new(row.Where, $"expected field '{field}' to be {what}, found another value", "write it as the command's --help shows");
}
