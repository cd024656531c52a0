using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Eckart.Reporting.Page;

/// <summary>A report as one page that needs nothing beside it: no network, no file, and without script still its tables and charts.</summary>
internal static partial class HtmlPage
{
    private static readonly string Template = Resource("page.html");
    private static readonly string Style = Resource("page.css");
    private static readonly string Script = Resource("page.js");

    /// <summary>The page, UTF-8.</summary>
    /// <param name="title">Of the report.</param>
    /// <param name="sections">In order; the table of all trials comes after those that sum up.</param>
    /// <param name="lead">How many of them sum up.</param>
    /// <param name="data">For the table of all trials.</param>
    public static byte[] Of(string title, IReadOnlyList<ReportSection> sections, int lead, ReportData data)
    {
        // One pass: what a part holds is never taken for a place of another.
        var page = Place().Replace(Template, place => place.Groups[1].Value switch
        {
            "title" => WebUtility.HtmlEncode(title),
            "style" => Style,
            "script" => Script,
            "trials" => data.Trials == 0 ? " hidden" : "",
            "data" => Encoding.UTF8.GetString(PageData.Of(data)),
            "before" => string.Concat(sections.Take(lead).Select(section => Section(section, isLead: true))),
            _ => string.Concat(sections.Skip(lead).Select(section => Section(section, isLead: false))),
        });
        return Encoding.UTF8.GetBytes(page);
    }

    private static string Section(ReportSection section, bool isLead)
    {
        var blocks = section.Blocks.Where(block => block is not ReportTable { OnPageAlready: true }).ToArray();
        return $"<section{(isLead ? " class=\"lead\"" : "")}><h2>{Text(section.Title)}</h2>{string.Concat(blocks.Select(Block))}</section>\n";
    }

    private static string Block(ReportBlock block) => block switch
    {
        ReportSentence sentence => $"<p>{Text(sentence.Text)}</p>",
        ReportListing listing => $"<h3>{Text(listing.Caption)}</h3><pre tabindex=\"0\">{Text(listing.Text)}</pre>",
        ReportTable table => Table(table),
        ReportFigure { ForPage: { } chart } figure => $"<figure>{chart()}<figcaption>{Text(figure.Caption)}</figcaption></figure>",
        ReportFigure figure => $"<figure class=\"file\">{Drawing(Encoding.UTF8.GetString(figure.Draw().Svg), figure.Caption)}<figcaption>{Text(figure.Caption)}</figcaption></figure>",
        _ => throw new ArgumentException($"{block.GetType().Name} has no form on a page.", nameof(block)),
    };

    private static string Table(ReportTable table)
    {
        var html = new StringBuilder($"<div class=\"scroll\" role=\"region\" aria-label=\"{Text(table.Caption)}\" tabindex=\"0\"><table><caption>{Text(table.Caption)}</caption><thead><tr>");
        foreach (var column in table.Columns) html.Append("<th scope=\"col\">").Append(Text(column)).Append("</th>");
        html.Append("</tr></thead><tbody>");
        foreach (var row in table.Rows)
        {
            html.Append("<tr>");
            foreach (var (i, cell) in row.Index()) html.Append(Cell(cell, i == 0));
            html.Append("</tr>");
        }

        return html.Append("</tbody></table></div>").ToString();
    }

    private static string Cell(ReportCell cell, bool isName)
    {
        var text = cell.IsCode ? $"<code>{Text(cell.Text)}</code>" : Text(cell.Text);
        var attributes = (cell.Exact is { } exact ? $" title=\"{Text(exact)}\"" : "") + (cell.Text.Length > 40 && !cell.IsCode ? " class=\"wide\"" : "");
        return isName ? $"<th scope=\"row\"{attributes}>{text}</th>" : $"<td{attributes}>{text}</td>";
    }

    // A drawing's own file begins with what only a file has.
    private static string Drawing(string svg, string caption) =>
        svg[svg.IndexOf("<svg", StringComparison.Ordinal)..].Replace("<svg", $"<svg role=\"img\" aria-label=\"{Text(caption)}\"", StringComparison.Ordinal);

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Resource(string name)
    {
        using var stream = typeof(HtmlPage).Assembly.GetManifestResourceStream($"page/{name}") ?? throw new InvalidOperationException($"The assembly lacks its resource page/{name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    [GeneratedRegex(@"\{\{(title|style|script|trials|data|before|after)\}\}")]
    private static partial Regex Place();
}
