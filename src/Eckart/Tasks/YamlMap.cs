using System.Collections.Immutable;
using System.Globalization;
using Eckart.Formats;

namespace Eckart.Tasks;

/// <summary>A map of a file of settings, read by key; what is wrong becomes a problem and the value null.</summary>
/// <param name="problems">Takes what is wrong.</param>
/// <param name="layers">The map, after those that override it.</param>
internal sealed class YamlMap(ProblemList problems, params YamlNode[] layers)
{
    /// <summary>Line for problems about the map itself.</summary>
    public int Line => layers[0].Line;

    /// <summary>Adds a problem.</summary>
    public void Report(int line, string found, string remedy) => problems.Report(line, found, remedy);

    /// <summary>Reports every key that is not among those given.</summary>
    public void Allow(params string[] known)
    {
        foreach (var (key, line, _) in layers[0].Entries.Where(entry => !known.Contains(entry.Key)))
            Report(line, $"expected a known key, found {Excerpt.Of(key)}", Nearest.Hint(key, known));
    }

    /// <summary>The value of a key, null where it is absent.</summary>
    public YamlNode? Find(string key) => layers.Select(layer => layer[key]).FirstOrDefault(node => node is not null);

    /// <summary>The value of a key that must be there.</summary>
    public YamlNode? Require(string key, string remedy)
    {
        if (Find(key) is { } node) return node;
        Report(Line, $"expected '{key}', found none", remedy);
        return null;
    }

    /// <summary>Text, null where absent.</summary>
    public string? Text(string key) => Find(key) is { } node ? Text(node, key) : null;

    /// <summary>A node that must be text.</summary>
    public string? Text(YamlNode node, string key)
    {
        if (node.Kind == YamlKind.Scalar) return node.Text;
        Report(node.Line, $"expected '{key}' to be text, found {Name(node)}", "write one value, in quotes where it starts or ends with a space");
        return null;
    }

    /// <summary>A whole number in a range, null where absent.</summary>
    public int? Whole(string key, int least, int most) => (int?)Whole(key, (long)least, most);

    /// <summary>A whole number in a range, null where absent.</summary>
    public long? Whole(string key, long least, long most)
    {
        if (Find(key) is not { } node) return null;
        if (node.Kind == YamlKind.Scalar && long.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        Report(node.Line, $"expected '{key}' to be a whole number from {least} to {most}, found {Name(node)}", "correct the number");
        return null;
    }

    /// <summary>What one of several words stands for, null where absent.</summary>
    public T? OneOf<T>(string key, IReadOnlyDictionary<string, T> words) where T : struct => OneOf(key, [.. words.Keys]) is { } word ? words[word] : null;

    /// <summary>One of several words, null where absent.</summary>
    public string? OneOf(string key, params string[] words)
    {
        if (Find(key) is not { } node) return null;
        if (node.Kind == YamlKind.Scalar && words.Contains(node.Text)) return node.Text;
        Report(node.Line, $"expected '{key}' to be {string.Join(" or ", words)}, found {Name(node)}", Nearest.Hint(node.Text, words));
        return null;
    }

    /// <summary>One text or a list of them, none where absent; nothing twice.</summary>
    public ImmutableArray<string> Texts(string key) => Each<string>(key, "texts", text => text);

    /// <summary>One value or a list of them, none where absent; nothing twice.</summary>
    /// <param name="key">The key.</param>
    /// <param name="expected">What each is, in the plural, for messages.</param>
    /// <param name="parse">Null where a text is no such value.</param>
    public ImmutableArray<T> Each<T>(string key, string expected, Func<string, T?> parse) where T : class =>
        Collect<T>(key, expected, (text, found) => { if (parse(text) is { } value) found.Add(value); });

    /// <summary>The same of values.</summary>
    public ImmutableArray<T> Each<T>(string key, string expected, Func<string, T?> parse) where T : struct =>
        Collect<T>(key, expected, (text, found) => { if (parse(text) is { } value) found.Add(value); });

    /// <summary>A map within, null where absent; an overriding one takes the whole place of the one below.</summary>
    public YamlMap? Map(string key) => Find(key) is { } node ? Map(key, [node]) : null;

    /// <summary>A map within, null where absent; an overriding one takes the place of the one below key by key.</summary>
    public YamlMap? Merged(string key) => layers.Select(layer => layer[key]).OfType<YamlNode>().ToArray() is { Length: > 0 } nodes ? Map(key, nodes) : null;

    /// <summary>Keys, lines and values of the first layer, in order.</summary>
    public IReadOnlyList<(string Key, int Line, YamlNode Value)> Entries => layers[0].Entries;

    private ImmutableArray<T> Collect<T>(string key, string expected, Action<string, List<T>> parse)
    {
        if (Find(key) is not { } node) return [];
        if (node is { Kind: YamlKind.List, Items.Count: 0 }) Report(node.Line, $"expected '{key}' to be {expected}, found an empty list", "give one at least, or remove the key");
        var (found, known) = (new List<T>(), new HashSet<T>());
        foreach (var item in node.Kind == YamlKind.List ? [.. node.Items] : new[] { node })
        {
            var before = found.Count;
            if (item.Kind == YamlKind.Scalar && item.Text.Length > 0) parse(item.Text, found);
            if (found.Count == before) Report(item.Line, $"expected '{key}' to be {expected}, found {Name(item)}", "correct or remove it");
            else if (!known.Add(found[^1])) Report(item.Line, $"expected each of '{key}' once, found {Name(item)} again", "remove one");
        }

        return [.. found];
    }

    private YamlMap? Map(string key, YamlNode[] nodes)
    {
        if (nodes.FirstOrDefault(node => node.Kind != YamlKind.Map) is not { } wrong) return new YamlMap(problems, nodes);
        Report(wrong.Line, $"expected '{key}' to hold keys and values, found {Name(wrong)}", "indent its parts below it");
        return null;
    }

    /// <summary>How a value is named in a message.</summary>
    public static string Name(YamlNode node) => node.Kind switch
    {
        YamlKind.Empty => "nothing",
        YamlKind.Scalar => Excerpt.Of(node.Text),
        YamlKind.List => "a list",
        _ => "keys and values",
    };
}
