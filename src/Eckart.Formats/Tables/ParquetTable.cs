using System.Buffers.Binary;
using Parquet;

namespace Eckart.Formats.Tables;

/// <summary>Rows of a Parquet file, one row group in memory at a time.</summary>
/// <remarks><b>Source:</b> github.com/apache/parquet-format. Columns of lists, maps and structs are <see cref="CellKind.Nested"/> and are not decoded.</remarks>
internal static class ParquetTable
{
    private const int FrameLength = 12;            // PAR1 … footer length, PAR1
    private const int RowsOfAnyFile = 1 << 18;     // a group may hold so many whatever the file's length, and eight a byte
    private const int RowsOfAByte = 8;

    public static IEnumerable<Row> Read(Stream stream, string path)
    {
        Decode(path, () => CheckFrame(stream, path));
        // Strings without their annotation, as old writers left them, are bytes otherwise.
        var reader = Decode(path, () => ParquetReader.CreateAsync(stream, new ParquetOptions { TreatByteArrayAsString = true }, leaveStreamOpen: true).GetAwaiter().GetResult());
        var names = Decode(path, () => reader.Schema.Fields.Select(field => field.Name).ToArray());
        var number = 0;
        for (var index = 0; index < reader.RowGroupCount; index++)
        {
            var group = index;
            foreach (var cells in Decode(path, () => Group(reader, group, stream)))
                yield return new Row(number, $"{path}: row {number++}", names.Zip(cells).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal));
        }
    }

    private static bool CheckFrame(Stream stream, string path)
    {
        Span<byte> head = stackalloc byte[4], tail = stackalloc byte[FrameLength - 4];
        if (stream.Length >= FrameLength)
        {
            stream.ReadExactly(head);
            stream.Seek(-tail.Length, SeekOrigin.End);
            stream.ReadExactly(tail);
        }
        if (!head.SequenceEqual("PAR1"u8)) throw new InputException(path, "expected a Parquet file, found another start than PAR1", "check the file's name and contents");
        if (!tail[4..].SequenceEqual("PAR1"u8) || BinaryPrimitives.ReadUInt32LittleEndian(tail) > stream.Length - FrameLength)
            throw new InputException(path, "expected a Parquet footer, found the file cut short", "copy the file again");

        var footer = new byte[BinaryPrimitives.ReadUInt32LittleEndian(tail)];
        stream.Seek(-tail.Length - footer.Length, SeekOrigin.End);
        stream.ReadExactly(footer);
        stream.Position = 0;
        if (!ParquetThrift.IsFooter(footer)) throw new InputException(path, "expected a Parquet footer, found it damaged", "copy the file again");
        return true;
    }

    private static Cell[][] Group(ParquetReader reader, int index, Stream file)
    {
        using var group = reader.OpenRowGroupReader(index);
        if (group.RowCount < 0 || group.RowCount > Math.Max(RowsOfAnyFile, RowsOfAByte * file.Length)) throw new InvalidDataException($"{group.RowCount} rows in a file of {file.Length} bytes");

        Cell[][] columns = [.. reader.Schema.Fields.Select(field => ParquetColumn.Read(group, field, file))];
        return [.. Enumerable.Range(0, (int)group.RowCount).Select(row => columns.Select(column => column[row]).ToArray())];
    }

    // The library reports damage by whatever its decoders run into, an allocation that a page's header asks for among them.
    private static T Decode<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception damaged) when (damaged is not InputException)
        {
            throw new InputException(path, $"expected Parquet data, found it damaged or of a kind that cannot be read ({damaged.Message})", "write the file again with plain columns", damaged);
        }
    }
}
