using System.Globalization;

namespace Eckart.Cli;

/// <summary>Numbers of things in words.</summary>
internal static class Count
{
    /// <summary><c>1 walk</c>, <c>2 walks</c>.</summary>
    /// <param name="number">How many.</param>
    /// <param name="what">One of them; an s makes it several.</param>
    public static string Of(long number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number} {what}{(number == 1 ? "" : "s")}");
}
