using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Eckart.Reporting;

/// <summary>Ids of an SVG that depend on nothing but the drawing: SkiaSharp counts them through the whole process.</summary>
internal static partial class SvgIds
{
    /// <summary>Numbers the clip paths by their place, under a digest of the drawing, so that figures can share a page.</summary>
    /// <param name="svg">As SkiaSharp writes it: ids <c>cl_1f</c>, references <c>url(#cl_1f)</c>.</param>
    public static string Renumber(string svg)
    {
        var places = new Dictionary<string, int>();
        var numbered = ClipId().Replace(svg, match =>
        {
            if (!places.TryGetValue(match.Value, out var place)) places.Add(match.Value, place = places.Count);
            return string.Create(CultureInfo.InvariantCulture, $"clip-{place}");
        });
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(numbered)).AsSpan(0, 4));
        return NumberedId().Replace(numbered, $"clip-{digest}-");
    }

    [GeneratedRegex("""(?<=<clipPath id="|clip-path="url\(#)cl_[0-9a-f]+""")]
    private static partial Regex ClipId();

    [GeneratedRegex("""(?<=<clipPath id="|clip-path="url\(#)clip-""")]
    private static partial Regex NumberedId();
}
