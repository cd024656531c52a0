namespace Eckart.Formats;

/// <summary>Text of a file as messages quote it: a hostile one can be as long as its file.</summary>
public static class Excerpt
{
    private const int Longest = 200;

    /// <summary>The text in quotes, cut where it is long.</summary>
    /// <param name="text">Of any length.</param>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= Longest ? $"'{text}'" : $"'{text[..Longest]}…' ({text.Length} characters)";
    }
}
