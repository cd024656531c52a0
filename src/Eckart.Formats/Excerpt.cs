namespace Eckart.Formats;

/// <summary>Text of a file as messages quote it: a hostile one can be as long as its file.</summary>
internal static class Excerpt
{
    private const int Longest = 200;

    /// <summary>The text in quotes, cut where it is long.</summary>
    public static string Of(string text) => text.Length <= Longest ? $"'{text}'" : $"'{text[..Longest]}…' ({text.Length} characters)";
}
