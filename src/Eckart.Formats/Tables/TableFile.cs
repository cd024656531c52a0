using System.IO.Compression;

namespace Eckart.Formats.Tables;

/// <summary>A file of rows in any of the formats that tasks are kept in.</summary>
public static class TableFile
{
    /// <summary>File name extensions that can be read, with their dot.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".jsonl", ".jsonl.gz", ".csv", ".tsv", ".parquet"];

    /// <summary>Streams the rows of a file; what is wrong with a row is thrown when the row is reached.</summary>
    /// <param name="path">A file whose name ends in one of <see cref="Extensions"/>.</param>
    /// <exception cref="InputException">No such file, an unknown extension, or (while enumerating) a row that cannot be read.</exception>
    public static IEnumerable<Row> Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!File.Exists(path)) throw new InputException(path, "expected a file, found none", "check the path");
        return Read(path, () => Open(path));
    }

    /// <summary>Streams the rows of a table that is no file of its own.</summary>
    /// <param name="name">As messages name it; ends in one of <see cref="Extensions"/>.</param>
    /// <param name="open">Opens it; the stream is disposed here.</param>
    /// <exception cref="InputException">An unknown extension, or (while enumerating) a row that cannot be read.</exception>
    public static IEnumerable<Row> Read(string name, Func<Stream> open)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(open);
        var extension = Extensions.FirstOrDefault(end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase))
            ?? throw new InputException(name, $"expected a name that ends in {string.Join(", ", Extensions)}, found {Excerpt.Of(Path.GetFileName(name))}", "convert the table to one of these");
        return Rows(name, extension, open);
    }

    private static IEnumerable<Row> Rows(string path, string extension, Func<Stream> open)
    {
        using var file = open();
        using var stream = extension == ".jsonl.gz" ? new GZipStream(new EndlessStream(file), CompressionMode.Decompress) : file;
        var rows = extension switch
        {
            ".csv" => DelimitedText.Read(stream, path, ','),
            ".tsv" => DelimitedText.Read(stream, path, '\t'),
            ".parquet" => ParquetTable.Read(stream, path),
            _ => JsonLines.Read(stream, path),
        };
        foreach (var row in rows) yield return row;
    }

    private static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, "expected a file that can be read, found one that cannot", "check its permissions", refused);
        }
    }
}
