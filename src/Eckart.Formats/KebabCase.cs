namespace Eckart.Formats;

/// <summary>Names of values as options, plans and JSON spell them.</summary>
public static class KebabCase
{
    /// <summary>StableRank is <c>stable-rank</c>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => string.Concat(value.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $"-{char.ToLowerInvariant(c)}" : char.ToLowerInvariant(c).ToString()));
}
