using System.Collections.Immutable;
using Eckart.Formats;

namespace Eckart.Tasks;

/// <summary>A change to a field's value on its way into a prompt.</summary>
/// <param name="value">The field's value, or what the filter before made of it.</param>
/// <param name="field">Its name, for messages.</param>
/// <param name="where">Its row, for messages.</param>
internal delegate string TemplateFilter(string value, string field, string where);

/// <summary>The filters a template can name.</summary>
internal static class TemplateFilters
{
    private static readonly ImmutableSortedDictionary<string, Func<string, string>> Named = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, new Dictionary<string, Func<string, string>>
    {
        ["drop_full_stop"] = text => text.EndsWith('.') ? text[..^1] : text,
        ["lower_first"] = text => text.Length == 0 ? text : char.ToLowerInvariant(text[0]) + text[1..],
        ["strip"] = text => StripStart(StripEnd(text)),
        ["strip_end"] = StripEnd,
    });

    /// <summary>Reads one filter: a name, or <c>from=to,from=to</c>.</summary>
    /// <exception cref="FormatException">No such filter.</exception>
    public static TemplateFilter Parse(string text)
    {
        var name = text.Trim();
        if (Named.TryGetValue(name, out var change)) return (value, _, _) => change(value);
        if (!name.Contains('=', StringComparison.Ordinal)) throw new FormatException($"'{name}' is no filter ({Nearest.Hint(name, Named.Keys)})");

        var pairs = name.Split(',').Select(pair => pair.Split('=', 2)).ToList();
        if (pairs.Any(pair => pair.Length < 2)) throw new FormatException($"'{name}' is not of the form from=to,from=to");
        if (pairs.GroupBy(pair => pair[0]).Any(group => group.Count() > 1)) throw new FormatException($"'{name}' replaces one value twice");
        return Replacing(pairs.ToImmutableSortedDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal));
    }

    private static TemplateFilter Replacing(ImmutableSortedDictionary<string, string> values) => (value, field, where) => values.TryGetValue(value, out var text)
        ? text
        : throw new InputException(where, $"expected field '{field}' to be {string.Join(" or ", values.Keys)}, found {Excerpt.Of(value)}", "list it in the task's template, or correct the row");

    // Python's whitespace: .NET's and the four separators U+001C to U+001F.
    private static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f';

    private static string StripEnd(string text)
    {
        var end = text.Length;
        while (end > 0 && IsSpace(text[end - 1])) end--;
        return text[..end];
    }

    private static string StripStart(string text)
    {
        var start = 0;
        while (start < text.Length && IsSpace(text[start])) start++;
        return text[start..];
    }
}
