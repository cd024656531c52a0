using System.Collections.Immutable;

namespace Eckart.Formats;

/// <summary>What a file says of one tensor, checked against the file's length.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Type">The stored type as the format spells it, e.g. <c>BF16</c>, <c>Q4_1</c>.</param>
/// <param name="Shape">Sizes, slowest first (row-major); empty for a scalar.</param>
/// <param name="ByteLength">Stored bytes.</param>
public sealed record TensorEntry(string Name, string Type, ImmutableArray<long> Shape, long ByteLength)
{
    /// <summary>Number of elements.</summary>
    public long Count { get; } = Shape.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>Elements a row: all but the first dimension; a vector or scalar is one row.</summary>
    public long RowLength => Shape.Length < 2 ? Count : Shape[0] == 0 ? 0 : Count / Shape[0];

    /// <summary><c>(576, 1536)</c>, as messages show it.</summary>
    public string ShapeText => $"({string.Join(", ", Shape)})";
}
