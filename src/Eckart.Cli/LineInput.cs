using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
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
    public static int[] Integers(Row row, string field) => List(row, field, "integers", Integer);

    /// <summary>A list of texts.</summary>
    public static string[] Texts(Row row, string field) => List(row, field, "texts", value => value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null);

    /// <summary>A list of lists of integers.</summary>
    public static int[][] IntegerLists(Row row, string field) =>
        List(row, field, "lists of integers", value => value is JsonArray list && list.Select(item => item is null ? null : Integer(item)).ToArray() is var items && items.All(item => item is not null) ? items.Select(item => item!.Value).ToArray() : null);

    private static int? Integer(JsonNode value) => value.GetValueKind() == JsonValueKind.Number && value.AsValue().TryGetValue(out int number) ? number : null;

    private static T[] List<T>(Row row, string field, string what, Func<JsonNode, T?> read)
        where T : class => row.Json(field) is JsonArray list && list.Select(item => item is null ? null : read(item)).ToArray() is var items && items.All(item => item is not null)
            ? items!
            : throw new InputException(row.Where, $"expected field '{field}' to be a list of {what}, found another", "write it as in the command's help");

    private static T[] List<T>(Row row, string field, string what, Func<JsonNode, T?> read)
        where T : struct => row.Json(field) is JsonArray list && list.Select(item => item is null ? null : read(item)).ToArray() is var items && items.All(item => item is not null)
            ? [.. items.Select(item => item!.Value)]
            : throw new InputException(row.Where, $"expected field '{field}' to be a list of {what}, found another", "write it as in the command's help");
}
