using System.Buffers.Binary;
using System.Collections;
using System.Globalization;
using Parquet;
using Parquet.Serialization;

namespace Eckart.Formats.Tables;

/// <summary>Rows of a Parquet file, one row group in memory at a time.</summary>
/// <remarks><b>Source:</b> github.com/apache/parquet-format. Columns of lists, maps and structs are <see cref="CellKind.Nested"/>.</remarks>
internal static class ParquetTable
{
    private const int FrameLength = 12;   // PAR1 … footer length, PAR1

    public static IEnumerable<Row> Read(Stream stream, string path)
    {
        CheckFrame(stream, path);
        // Strings without their annotation, as old writers left them, are bytes otherwise.
        var options = new ParquetOptions { TreatByteArrayAsString = true };
        var (columns, groups) = Decode(path, () => Header(stream, options));
        var number = 0;
        for (var group = 0; group < groups; group++)
        {
            var index = group;
            var rows = Decode(path, () => ParquetSerializer.DeserializeUntypedAsync(stream, options, index).GetAwaiter().GetResult().Data);
            foreach (var row in rows)
                yield return new Row(number, $"{path}: row {number++}", columns.ToDictionary(column => column, column => Value(row.TryGetValue(column, out var value) ? value : null), StringComparer.Ordinal));
        }
    }

    private static void CheckFrame(Stream stream, string path)
    {
        Span<byte> head = stackalloc byte[4], tail = stackalloc byte[8];
        if (stream.Length >= FrameLength)
        {
            stream.ReadExactly(head);
            stream.Seek(-tail.Length, SeekOrigin.End);
            stream.ReadExactly(tail);
            stream.Position = 0;
        }
        if (!head.SequenceEqual("PAR1"u8)) throw new InputException(path, "expected a Parquet file, found another start than PAR1", "check the file's name and contents");
        if (!tail[4..].SequenceEqual("PAR1"u8) || BinaryPrimitives.ReadUInt32LittleEndian(tail) > stream.Length - FrameLength)
            throw new InputException(path, "expected a Parquet footer, found the file cut short", "copy the file again");
    }

    private static (string[] Columns, int Groups) Header(Stream stream, ParquetOptions options)
    {
        var reader = ParquetReader.CreateAsync(stream, options, leaveStreamOpen: true).GetAwaiter().GetResult();
        return ([.. reader.Schema.Fields.Select(field => field.Name)], reader.RowGroupCount);
    }

    // The library reports damage by whatever its decoders run into.
    private static T Decode<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception damaged) when (damaged is not (OutOfMemoryException or InputException))
        {
            throw new InputException(path, $"expected Parquet data, found it damaged or of a kind that cannot be read ({damaged.Message})", "write the file again with plain columns", damaged);
        }
    }

    private static Cell Value(object? value) => value switch
    {
        null => new Cell(CellKind.Null, ""),
        string text => new Cell(CellKind.Text, text),
        ReadOnlyMemory<char> text => new Cell(CellKind.Text, text.ToString()),
        bool flag => new Cell(CellKind.Boolean, flag ? "true" : "false"),
        DateTime time => new Cell(CellKind.Text, time.ToString("O", CultureInfo.InvariantCulture)),
        decimal number => new Cell(CellKind.Number, number.ToString("0.#############################", CultureInfo.InvariantCulture)),
        sbyte or byte or short or ushort or int or uint or long or ulong or float or double => new Cell(CellKind.Number, ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture)),
        IEnumerable => new Cell(CellKind.Nested, ""),
        IFormattable other => new Cell(CellKind.Text, other.ToString(null, CultureInfo.InvariantCulture)),
        _ => new Cell(CellKind.Nested, ""),
    };
}
