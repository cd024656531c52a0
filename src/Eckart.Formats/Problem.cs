namespace Eckart.Formats;

/// <summary>One thing wrong with an input, in three parts; prints as the line that a user sees.</summary>
/// <param name="Where">File and tensor, key or line; or the option.</param>
/// <param name="Found">What was expected and what was found.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record Problem(string Where, string Found, string Remedy)
{
    /// <summary><c>where: found; remedy</c> on one line, whatever the input held.</summary>
    public override string ToString() => OneLine($"{Where}: {Found}; {Remedy}");

    private static string OneLine(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString()));
}
