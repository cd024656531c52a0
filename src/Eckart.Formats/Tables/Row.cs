using System.Text.Json.Nodes;

namespace Eckart.Formats.Tables;

/// <summary>One row of a table with the place it came from, so that a problem can be found again.</summary>
/// <param name="Number">Zero-based row of its file, as results name it.</param>
/// <param name="Where">File and line (or row, where the format has no lines), for messages.</param>
/// <param name="Cells">The fields by name.</param>
public sealed record Row(int Number, string Where, IReadOnlyDictionary<string, Cell> Cells)
{
    private const int MostNamed = 20;

    /// <summary>A field that must be text.</summary>
    /// <exception cref="InputException">Missing, or of another type.</exception>
    public string Text(string field) => Required(field) is { Kind: CellKind.Text } cell
        ? cell.Text
        : throw new InputException(Where, $"expected field '{field}' to be text, found {Cells[field].Kind.ToString().ToLowerInvariant()}", "make it a string");

    /// <summary>A field that names a class: an integer, a boolean or a text, in its shortest form.</summary>
    /// <exception cref="InputException">Missing, or of another type.</exception>
    public string Label(string field) => Required(field) is { Kind: CellKind.Text or CellKind.Number or CellKind.Boolean } cell
        ? cell.Text
        : throw new InputException(Where, $"expected field '{field}' to be a label, found {Cells[field].Kind.ToString().ToLowerInvariant()}", "make it a number or a string");

    /// <summary>A field that is a list or an object of JSON; null where it is another kind of value.</summary>
    /// <exception cref="InputException">Missing.</exception>
    public JsonNode? Json(string field) => Required(field) is { Kind: CellKind.Nested, Text: { Length: > 0 } json } ? JsonNode.Parse(json) : null;

    private string Fields() => string.Join(", ", Cells.Keys.Take(MostNamed).Select(Excerpt.Of)) + (Cells.Count > MostNamed ? $" and {Cells.Count - MostNamed} more" : "");

    private Cell Required(string field) => Cells.TryGetValue(field, out var cell)
        ? cell
        : throw new InputException(Where, $"expected a field '{field}', found {Fields()}", "name a field that the rows have in the task's file, or add it to the rows");
}
