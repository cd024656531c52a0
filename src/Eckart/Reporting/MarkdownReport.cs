using System.Text;

namespace Eckart.Reporting;

/// <summary>A report as Markdown.</summary>
internal static class MarkdownReport
{
    /// <summary>The text.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="sections">In order.</param>
    public static string Of(string title, IEnumerable<ReportSection> sections)
    {
        var text = new StringBuilder($"# {Plain(title)}\n");
        foreach (var section in sections)
        {
            text.Append($"\n## {Plain(section.Title)}\n");
            foreach (var block in section.Blocks) text.Append('\n').Append(Block(block));
        }

        return text.ToString();
    }

    private static string Block(ReportBlock block) => block switch
    {
        ReportSentence sentence => $"{Plain(sentence.Text)}\n",
        ReportListing listing => $"{Plain(listing.Caption)}:\n\n{string.Concat(listing.Text.TrimEnd('\n').Split('\n').Select(line => $"    {line}\n"))}",
        ReportTable table => $"{Plain(table.Caption)}:\n\n{Row(table.Columns.Select(Plain))}{Row(table.Columns.Select(_ => "---"))}{string.Concat(table.Rows.Select(row => Row(row.Select(Cell))))}",
        ReportFigure figure => $"![{Plain(figure.Caption)}](figures/{figure.Name}.svg)\n",
        _ => throw new ArgumentException($"{block.GetType().Name} has no form in Markdown.", nameof(block)),
    };

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |\n";

    // Between backticks nothing is markup, but a table still ends its cell at a bar.
    private static string Cell(ReportCell cell) => cell is { IsCode: true, Text.Length: > 0 } && !cell.Text.Contains('`', StringComparison.Ordinal) ? $"`{OneLine(cell.Text).Replace("|", "\\|", StringComparison.Ordinal)}`" : Plain(cell.Text);

    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in OneLine(text))
        {
            if (c is '<') plain.Append("&lt;");
            else if (c is '|' or '*' or '`' or '\\' or '[' or ']') plain.Append('\\').Append(c);
            else plain.Append(c);
        }

        return plain.ToString();
    }

    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
