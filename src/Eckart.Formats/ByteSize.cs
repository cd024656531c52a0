using System.Globalization;

namespace Eckart.Formats;

/// <summary>Sizes in bytes as people write them.</summary>
public static class ByteSize
{
    private static readonly (string Name, decimal Bytes)[] Units =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40),
        ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000), ("B", 1),
    ];

    /// <summary>Reads a size, in any culture the same: a number, with a point where it has one, then a unit of any case; none means bytes.</summary>
    /// <param name="text">E.g. <c>512MiB</c> (of 1,048,576 bytes each), <c>2GB</c> (of 1,000,000,000), <c>1.5 GiB</c>, <c>4096</c>.</param>
    /// <param name="bytes">What it says, rounded down to whole bytes, or 0.</param>
    /// <returns>False where it is no size of at least one byte, has a fraction of plain bytes, or is beyond 64 bits.</returns>
    public static bool TryParse(string text, out long bytes)
    {
        ArgumentNullException.ThrowIfNull(text);
        bytes = 0;
        var (name, unit) = Units.FirstOrDefault(unit => text.EndsWith(unit.Name, StringComparison.OrdinalIgnoreCase), ("", 1));
        var digits = text.AsSpan(0, text.Length - name.Length).TrimEnd(' ');
        if (!decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
        if (number > long.MaxValue / unit || number * unit < 1 || (unit == 1 && !decimal.IsInteger(number))) return false;
        bytes = (long)(number * unit);
        return true;
    }
}
