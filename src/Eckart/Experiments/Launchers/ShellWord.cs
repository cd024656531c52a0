namespace Eckart.Experiments.Launchers;

/// <summary>Words as a shell takes them.</summary>
public static class ShellWord
{
    /// <summary>A word that a shell reads back as this text.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length > 0 && text.All(c => char.IsLetterOrDigit(c) || "-_./:=@+,".Contains(c, StringComparison.Ordinal)) ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }

    /// <summary>Several, with spaces between them.</summary>
    public static string Join(IEnumerable<string> texts) => string.Join(' ', texts.Select(Of));
}
