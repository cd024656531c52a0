using System.Globalization;
using Parquet;
using Parquet.Meta;
using Parquet.Schema;

namespace Eckart.Formats.Tables;

/// <summary>One column of a row group as cells.</summary>
internal static class ParquetColumn
{
    /// <summary>Reads a column; one that is nested is not decoded.</summary>
    /// <param name="group">The row group; its number of rows is checked.</param>
    /// <param name="field">A field of the schema's first level.</param>
    /// <param name="file">The file, for what the column and its pages claim; may be left at another position.</param>
    /// <exception cref="InvalidDataException">A header that cannot be true.</exception>
    public static Cell[] Read(ParquetRowGroupReader group, Field field, Stream file)
    {
        var rows = (int)group.RowCount;
        if (field is not DataField { IsArray: false, MaxRepetitionLevel: 0 } flat) return Nested(rows);

        // The library reads pages until it has as many values as the header claims, and loops where there are none.
        var header = group.GetMetadata(flat)?.MetaData ?? throw new InvalidDataException($"column '{field.Name}' has no data");
        if (header.NumValues != rows || !ParquetPages.Hold(file, rows, Start(header), header.TotalCompressedSize))
            throw new InvalidDataException($"column '{field.Name}' claims {header.NumValues} values in {header.TotalCompressedSize} bytes at {header.DataPageOffset}, for {rows} rows");

        if (flat.ClrType == typeof(string) || flat.ClrType == typeof(ReadOnlyMemory<char>)) return Texts(group, flat, rows);
        if (flat.ClrType == typeof(bool)) return Values<bool>(group, flat, rows, CellKind.Boolean, value => value ? "true" : "false");
        if (flat.ClrType == typeof(int)) return Numbers<int>(group, flat, rows);
        if (flat.ClrType == typeof(long)) return Numbers<long>(group, flat, rows);
        if (flat.ClrType == typeof(sbyte)) return Numbers<sbyte>(group, flat, rows);
        if (flat.ClrType == typeof(byte)) return Numbers<byte>(group, flat, rows);
        if (flat.ClrType == typeof(short)) return Numbers<short>(group, flat, rows);
        if (flat.ClrType == typeof(ushort)) return Numbers<ushort>(group, flat, rows);
        if (flat.ClrType == typeof(uint)) return Numbers<uint>(group, flat, rows);
        if (flat.ClrType == typeof(ulong)) return Numbers<ulong>(group, flat, rows);
        if (flat.ClrType == typeof(float)) return Numbers<float>(group, flat, rows);
        if (flat.ClrType == typeof(double)) return Numbers<double>(group, flat, rows);
        if (flat.ClrType == typeof(decimal)) return Values<decimal>(group, flat, rows, CellKind.Number, value => value.ToString("0.#############################", CultureInfo.InvariantCulture));
        if (flat.ClrType == typeof(DateTime)) return Values<DateTime>(group, flat, rows, CellKind.Text, value => value.ToString("O", CultureInfo.InvariantCulture));
        return Nested(rows);   // times, intervals, identifiers: nothing that a prompt or a label is made of
    }

    private static long Start(ColumnMetaData header) => header.DictionaryPageOffset is { } dictionary and > 0 ? Math.Min(dictionary, header.DataPageOffset) : header.DataPageOffset;

    private static Cell[] Nested(int rows)
    {
        var cells = new Cell[rows];
        Array.Fill(cells, new Cell(CellKind.Nested, ""));
        return cells;
    }

    private static Cell[] Texts(ParquetRowGroupReader group, DataField field, int rows)
    {
        var values = new string?[rows];
        Wait(group.ReadAsync(field, values.AsMemory()!));
        return [.. values.Select(value => value is null ? new Cell(CellKind.Null, "") : new Cell(CellKind.Text, value))];
    }

    private static Cell[] Numbers<T>(ParquetRowGroupReader group, DataField field, int rows) where T : struct, IFormattable =>
        Values<T>(group, field, rows, CellKind.Number, value => value.ToString(null, CultureInfo.InvariantCulture));

    private static Cell[] Values<T>(ParquetRowGroupReader group, DataField field, int rows, CellKind kind, Func<T, string> text) where T : struct
    {
        var values = new T?[rows];
        if (field.IsNullable)
        {
            Wait(group.ReadAsync(field, values.AsMemory()));
        }
        else
        {
            var present = new T[rows];
            Wait(group.ReadAsync(field, present.AsMemory()));
            for (var i = 0; i < rows; i++) values[i] = present[i];
        }
        return [.. values.Select(value => value is { } known ? new Cell(kind, text(known)) : new Cell(CellKind.Null, ""))];
    }

    private static void Wait(ValueTask reading) => reading.AsTask().GetAwaiter().GetResult();
}
