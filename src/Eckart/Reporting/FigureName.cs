using System.Security.Cryptography;
using System.Text;

namespace Eckart.Reporting;

/// <summary>Names of a report's figures as files: letters, digits and <c>-</c>, never too long, and different for different figures.</summary>
internal static class FigureName
{
    private const int Longest = 120;

    /// <summary>A name of what the figure is of; empty parts are left out.</summary>
    public static string Of(params IEnumerable<string> parts)
    {
        var whole = string.Join('-', parts.Where(part => part.Length > 0));
        var plain = string.Concat(whole.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' ? c : '-'));
        if (plain == whole && plain.Length <= Longest) return plain;
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(whole)).AsSpan(0, 4));
        return $"{plain[..Math.Min(plain.Length, Longest)]}-{digest}";
    }
}
