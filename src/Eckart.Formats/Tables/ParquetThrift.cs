using System.Collections.Frozen;

namespace Eckart.Formats.Tables;

/// <summary>Walks what a Parquet file says of itself, its footer and the headers of its pages, to see that each is made of what it should be.</summary>
/// <remarks><b>Source:</b> github.com/apache/parquet-format, parquet.thrift; github.com/apache/thrift, thrift-compact-protocol.md.
/// Parquet.Net trusts types and counts, and can loop for hours on a footer that is damaged.</remarks>
internal ref struct ParquetThrift
{
    private const int Deepest = 32;
    private const int False = 2, I8 = 3, I16 = 4, I32 = 5, I64 = 6, Double = 7, Binary = 8, List = 9, Set = 10, Map = 11, Struct = 12;

    // A structure's fields by number; a list is that of its elements. Encrypted footers (field 8 of the root) are not of this kind.
    private static readonly Shape Empty = new(Struct);
    private static readonly Shape Text = new(Binary), Int = new(I32), Long = new(I64), Flag = new(False);
    private static readonly Shape KeyValue = Fields((1, Text), (2, Text));
    private static readonly Shape Statistics = Fields((1, Text), (2, Text), (3, Long), (4, Long), (5, Text), (6, Text), (7, Flag), (8, Flag));
    private static readonly Shape Time = Fields((1, Flag), (2, Fields((1, Empty), (2, Empty), (3, Empty))));
    private static readonly Shape LogicalType = Fields(
        (1, Empty), (2, Empty), (3, Empty), (4, Empty), (5, Fields((1, Int), (2, Int))), (6, Empty), (7, Time), (8, Time), (10, Fields((1, new Shape(I8)), (2, Flag))),
        (11, Empty), (12, Empty), (13, Empty), (14, Empty), (15, Empty), (16, Fields((1, new Shape(I8)))), (17, Fields((1, Text))), (18, Fields((1, Text), (2, Int))));
    private static readonly Shape SchemaElement = Fields(
        (1, Int), (2, Int), (3, Int), (4, Text), (5, Int), (6, Int), (7, Int), (8, Int), (9, Int), (10, LogicalType));
    private static readonly Shape ColumnMetaData = Fields(
        (1, Int), (2, ListOf(Int)), (3, ListOf(Text)), (4, Int), (5, Long), (6, Long), (7, Long), (8, ListOf(KeyValue)), (9, Long), (10, Long), (11, Long), (12, Statistics),
        (13, ListOf(Fields((1, Int), (2, Int), (3, Int)))), (14, Long), (15, Int), (16, Fields((1, Long), (2, ListOf(Long)), (3, ListOf(Long)))),
        (17, Fields((1, Fields([.. Enumerable.Range(1, 8).Select(field => (field, new Shape(Double)))])), (2, ListOf(Int)))));
    private static readonly Shape RowGroup = Fields(
        (1, ListOf(Fields((1, Text), (2, Long), (3, ColumnMetaData), (4, Long), (5, Int), (6, Long), (7, Int), (8, Empty), (9, Text)))),
        (2, Long), (3, Long), (4, ListOf(Fields((1, Int), (2, Flag), (3, Flag)))), (5, Long), (6, Long), (7, new Shape(I16)));
    private static readonly Shape PageHeader = Fields(
        (1, Int), (2, Int), (3, Int), (4, Int), (5, Fields((1, Int), (2, Int), (3, Int), (4, Int), (5, Statistics))), (6, Empty), (7, Fields((1, Int), (2, Int), (3, Flag))),
        (8, Fields((1, Int), (2, Int), (3, Int), (4, Int), (5, Int), (6, Int), (7, Flag), (8, Statistics))));
    private static readonly Shape Root = Fields(
        (1, Int), (2, ListOf(SchemaElement)), (3, Long), (4, ListOf(RowGroup)), (5, ListOf(KeyValue)), (6, Text), (7, ListOf(Empty)), (8, Flag), (9, Text));

    private ReadOnlySpan<byte> rest;
    private Dictionary<(long Outer, long Field), long>? numbers;

    /// <summary>Whether the bytes are one whole footer and nothing else.</summary>
    public static bool IsFooter(ReadOnlySpan<byte> bytes)
    {
        var walk = new ParquetThrift { rest = bytes };
        return walk.Structure(Root, 0) && walk.rest.IsEmpty;
    }

    /// <summary>Reads the header of a page.</summary>
    /// <param name="bytes">Begin with it.</param>
    /// <param name="numbers">Its numbers by field; those of a structure in it by that field's number and their own, its own by 0.</param>
    /// <returns>Its bytes, or 0 where there is none.</returns>
    public static int PageHeaderLength(ReadOnlySpan<byte> bytes, out IReadOnlyDictionary<(long Outer, long Field), long> numbers)
    {
        var walk = new ParquetThrift { rest = bytes, numbers = [] };
        var isWhole = walk.Structure(PageHeader, 0);
        numbers = walk.numbers;
        return isWhole ? bytes.Length - walk.rest.Length : 0;
    }

    private bool Structure(Shape? shape, int depth, long outer = 0)
    {
        if (depth > Deepest) return false;
        for (var field = 0L; Byte(out var header);)
        {
            if (header == 0) return true;
            var number = (ulong)0;
            if (header >> 4 == 0 && !Number(out number)) return false;
            field = header >> 4 == 0 ? Signed(number) : field + (header >> 4);   // a step, or the number itself

            var type = (header & 15) == 1 ? False : header & 15;   // true and false are types of their own
            var known = shape?.Of(field);
            if (known is not null && known.Type != type) return false;
            if (type == I32 && numbers is not null && depth <= 1)
            {
                if (!Number(out number) || !numbers.TryAdd((outer, field), Signed(number))) return false;
            }
            else if (type != False && !Value(type, known, depth, field))
            {
                return false;
            }
        }
        return false;
    }

    private static long Signed(ulong number) => (long)(number >> 1) ^ -(long)(number & 1);

    private bool Value(int type, Shape? shape, int depth, long field = 0) => type switch
    {
        False or 1 or I8 => Skip(1),   // in a list, a boolean takes a byte
        I16 or I32 or I64 => Number(out _),
        Double => Skip(8),
        Binary => Number(out var length) && Skip(length),
        List or Set => Elements(shape?.Element, depth),
        Map => Pairs(depth),
        Struct => Structure(shape, depth + 1, field),
        _ => false,
    };

    private bool Elements(Shape? shape, int depth)
    {
        if (depth > Deepest || !Byte(out var header)) return false;
        var count = (ulong)(header >> 4);
        if (count == 15 && !Number(out count)) return false;
        if (count > (ulong)rest.Length || (shape is not null && shape.Type != (header & 15))) return false;   // every element takes a byte at least
        for (; count > 0; count--)
            if (!Value(header & 15, shape, depth + 1)) return false;
        return true;
    }

    private bool Pairs(int depth)
    {
        if (depth > Deepest || !Number(out var count) || count > (ulong)rest.Length) return false;
        if (count == 0) return true;
        if (!Byte(out var types)) return false;
        for (; count > 0; count--)
            if (!Value(types >> 4, null, depth + 1) || !Value(types & 15, null, depth + 1)) return false;
        return true;
    }

    private bool Number(out ulong number)
    {
        number = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (!Byte(out var part)) return false;
            number |= (ulong)(part & 127) << shift;
            if (part < 128) return true;
        }
        return false;
    }

    private bool Byte(out byte value)
    {
        value = rest.IsEmpty ? (byte)0 : rest[0];
        return Skip(1);
    }

    private bool Skip(ulong count)
    {
        if (count > (ulong)rest.Length) return false;
        rest = rest[(int)count..];
        return true;
    }

    private static Shape ListOf(Shape element) => new(List) { Element = element };

    private static Shape Fields(params (int Number, Shape Shape)[] fields) => new(Struct) { Members = fields.ToFrozenDictionary(field => (long)field.Number, field => field.Shape) };

    private sealed record Shape(int Type)
    {
        public Shape? Element { get; init; }

        public FrozenDictionary<long, Shape>? Members { get; init; }

        public Shape? Of(long field) => Members?.GetValueOrDefault(field);
    }
}
