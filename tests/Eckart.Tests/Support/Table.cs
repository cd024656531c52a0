using Eckart.Formats.Tables;

namespace Eckart.Tests.Support;

/// <summary>Whole tables.</summary>
internal static class Table
{
    /// <summary>Reads a file to its end.</summary>
    public static List<Row> ReadAll(string path) => [.. TableFile.Read(path)];
}
