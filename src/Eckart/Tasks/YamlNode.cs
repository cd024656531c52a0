namespace Eckart.Tasks;

/// <summary>A YAML value with the line it starts on, so that every problem can be found again.</summary>
/// <param name="Line">One-based line.</param>
/// <param name="Kind">Which of the parts below are meant.</param>
internal sealed record YamlNode(int Line, YamlKind Kind)
{
    /// <summary>A scalar's text; <c>no</c> and <c>1.0</c> stay as they are written.</summary>
    public string Text { get; init; } = "";

    /// <summary>A list's items.</summary>
    public List<YamlNode> Items { get; } = [];

    /// <summary>A map's entries in the file's order, each key once.</summary>
    public List<(string Key, int Line, YamlNode Value)> Entries { get; } = [];

    /// <summary>A map's value.</summary>
    public YamlNode? this[string key] => Entries.Find(entry => entry.Key == key).Value;
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
