namespace Eckart.Formats;

/// <summary>Text of a file as messages quote it: a hostile one can be as long as its file.</summary>
public static class Excerpt
{
    private const int Longest = 200;

    // Libraries say at the end where in a file it was.
    private const int LongestReason = 400;
    private const int ReasonEnd = 100;

    /// <summary>The text in quotes, cut where it is long.</summary>
    /// <param name="text">Of any length.</param>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= Longest ? $"'{text}'" : $"'{text[..Longest]}…' ({text.Length} characters)";
    }

    /// <summary>What a library said of a file, without its middle where it is long: it may quote the file.</summary>
    /// <param name="error">The library's.</param>
    public static string Of(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var reason = error.Message;
        return reason.Length <= LongestReason ? reason : $"{reason[..(LongestReason - ReasonEnd)]} … {reason[^ReasonEnd..]}";
    }
}
