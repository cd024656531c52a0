using System.Collections.Immutable;
using System.Text;
using Eckart.Formats.Tables;

namespace Eckart.Tasks;

/// <summary>Text with fields of a row in it: <c>text: {sentence|strip} sentiment:</c>. Literal braces are doubled.</summary>
/// <remarks>Filters apply from the left: <c>strip</c> and <c>strip_end</c> (Python's <c>str.strip()</c> and <c>str.rstrip()</c>), <c>lower_first</c>, <c>drop_full_stop</c>,
/// and <c>from=to,from=to</c>, which replaces the whole value and refuses one that is not listed.</remarks>
public sealed class PromptTemplate
{
    /// <summary>The one name that is no field: the choice's text, in a demonstration's template.</summary>
    public const string Choice = "choice";

    private readonly ImmutableArray<Part> parts;

    private PromptTemplate(string source, ImmutableArray<Part> parts) => (Source, this.parts) = (source, parts);

    /// <summary>The template as it was written.</summary>
    public string Source { get; }

    /// <summary>Names in braces, in order, repeated where they are.</summary>
    public IEnumerable<string> Fields => parts.Where(part => part.Field is not null).Select(part => part.Field!);

    /// <summary>Reads a template.</summary>
    /// <exception cref="FormatException">A brace without its partner, an empty name or an unknown filter; the message says which and where.</exception>
    public static PromptTemplate Parse(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var parts = ImmutableArray.CreateBuilder<Part>();
        var literal = new StringBuilder();
        for (var at = 0; at < source.Length; at++)
        {
            var here = source[at];
            if (here is '{' or '}' && at + 1 < source.Length && source[at + 1] == here)
            {
                literal.Append(here);
                at++;
            }
            else if (here == '{')
            {
                var close = source.IndexOf('}', at);
                if (close < 0) throw new FormatException($"'{{' at character {at + 1} is not closed (a literal brace is doubled)");
                parts.Add(new Part(literal.ToString(), null, []));
                literal.Clear();
                parts.Add(FieldPart(source[(at + 1)..close]));
                at = close;
            }
            else if (here == '}')
            {
                throw new FormatException($"'}}' at character {at + 1} is not opened (a literal brace is doubled)");
            }
            else
            {
                literal.Append(here);
            }
        }
        parts.Add(new Part(literal.ToString(), null, []));
        return new PromptTemplate(source, [.. parts.Where(part => part.Field is not null || part.Text.Length > 0)]);
    }

    /// <summary>The template with a row's values.</summary>
    /// <param name="row">Has every field named, as text.</param>
    /// <param name="choice">What <c>{choice}</c> stands for; null where it is a field like others.</param>
    /// <exception cref="Eckart.Formats.InputException">A field that the row lacks or that is not text, or a value that a filter refuses.</exception>
    public string Render(Row row, string? choice = null)
    {
        ArgumentNullException.ThrowIfNull(row);
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            if (part.Field is not { } field)
            {
                text.Append(part.Text);
                continue;
            }
            var value = choice is not null && field == Choice ? choice : row.Text(field);
            foreach (var filter in part.Filters) value = filter(value, field, row.Where);
            text.Append(value);
        }
        return text.ToString();
    }

    /// <summary><see cref="Source"/>.</summary>
    public override string ToString() => Source;

    private static Part FieldPart(string inside)
    {
        var pieces = inside.Split('|');
        if (pieces[0].Trim().Length == 0) throw new FormatException($"'{{{inside}}}' names no field");
        return new Part("", pieces[0].Trim(), [.. pieces[1..].Select(TemplateFilters.Parse)]);
    }

    private readonly record struct Part(string Text, string? Field, ImmutableArray<TemplateFilter> Filters);
}
