namespace Eckart.Tasks;

/// <summary>A YAML value with the line it starts on, so that every problem can be found again.</summary>
/// <param name="Line">One-based line.</param>
/// <param name="Kind">Which of the parts below are meant.</param>
internal sealed record YamlNode(int Line, YamlKind Kind)
{
    private readonly List<(string Key, int Line, YamlNode Value)> entries = [];
    private readonly Dictionary<string, YamlNode> values = new(StringComparer.Ordinal);

    /// <summary>A scalar's text; <c>no</c> and <c>1.0</c> stay as they are written.</summary>
    public string Text { get; init; } = "";

    /// <summary>A list's items.</summary>
    public List<YamlNode> Items { get; } = [];

    /// <summary>A map's entries in the file's order, each key once.</summary>
    public IReadOnlyList<(string Key, int Line, YamlNode Value)> Entries => entries;

    /// <summary>A map's value.</summary>
    public YamlNode? this[string key] => values.GetValueOrDefault(key);

    /// <summary>Adds an entry to a map, unless the key is there.</summary>
    public bool TryAdd(string key, int line, YamlNode value)
    {
        if (!values.TryAdd(key, value)) return false;
        entries.Add((key, line, value));
        return true;
    }
}

/// <summary>Kinds of YAML value.</summary>
internal enum YamlKind
{
    /// <summary>Nothing after the colon, or <c>null</c>.</summary>
    Empty,

    /// <summary>Text, a number, true or false.</summary>
    Scalar,

    /// <summary>Values in order.</summary>
    List,

    /// <summary>Values by key.</summary>
    Map,
}
