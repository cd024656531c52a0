namespace Eckart.Formats.Tables;

/// <summary>Holds the headers of a column's pages to the file and to each other: the library allocates what they announce.</summary>
/// <remarks><b>Source:</b> github.com/apache/parquet-format, parquet.thrift, PageHeader.</remarks>
internal static class ParquetPages
{
    private const int LongestHeader = 1 << 16;   // its statistics hold values; more than that is none

    // Pages of text shrink to a fifth or so; those of one value repeated, to nothing, but writers end a page at a megabyte.
    private const long MostExpansion = 64;
    private const long SizeOfAnyPage = 4 << 20;

    /// <summary>Whether the pages fill the column's bytes and hold its values.</summary>
    /// <param name="file">Moved.</param>
    /// <param name="values">Values, nulls included.</param>
    /// <param name="start">First byte of the first page.</param>
    /// <param name="length">Bytes of all pages.</param>
    public static bool Hold(Stream file, int values, long start, long length)
    {
        if (start < 0 || length < 0 || start > file.Length - length) return false;
        var (left, missing, buffer) = (length, (long)values, new byte[Math.Min(length, LongestHeader)]);
        while (left > 0)
        {
            var header = buffer.AsSpan(0, (int)Math.Min(left, buffer.Length));
            file.Position = start + length - left;
            file.ReadExactly(header);
            if (!IsPage(header, left, out var pageLength, out var pageValues)) return false;
            left -= pageLength;
            missing -= pageValues;
        }

        return missing == 0;
    }

    private static bool IsPage(ReadOnlySpan<byte> bytes, long left, out long length, out long values)
    {
        var header = ParquetThrift.PageHeaderLength(bytes, out var numbers);
        long Number(long outer, long field) => numbers.GetValueOrDefault((outer, field), -1);
        var (plain, stored) = (Number(0, 2), Number(0, 3));
        var (data, dictionary, second) = (Number(5, 1), Number(7, 1), Number(8, 1));
        values = Math.Max(0, Math.Max(data, second));
        length = header + stored;

        // Booleans, eight a byte, are the smallest values; an entry of a dictionary takes a byte at least.
        return header > 0 && stored >= 0 && length <= left && plain >= 0 && plain <= Math.Max(SizeOfAnyPage, MostExpansion * stored) && dictionary <= plain
            && Number(0, 1) switch { 0 => data >= 0, 1 => true, 2 => dictionary >= 0, 3 => second >= 0, _ => false };
    }
}
