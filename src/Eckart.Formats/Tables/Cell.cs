namespace Eckart.Formats.Tables;

/// <summary>One field of a row: what kind of value it was in its file, and the value as text.</summary>
/// <param name="Kind">The kind; everything in CSV and TSV is <see cref="CellKind.Text"/>.</param>
/// <param name="Text">The text itself, or the number or boolean in its shortest invariant form; empty for null; a list or object of a JSON Lines file as the JSON that it was, elsewhere empty.</param>
public readonly record struct Cell(CellKind Kind, string Text);

/// <summary>Kinds of value that a row can hold.</summary>
public enum CellKind
{
    /// <summary>A string.</summary>
    Text,

    /// <summary>An integer or a fraction.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>Absent by intention.</summary>
    Null,

    /// <summary>A list or an object, which no template can use.</summary>
    Nested,
}
