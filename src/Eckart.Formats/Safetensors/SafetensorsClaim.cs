using System.Collections.Immutable;

namespace Eckart.Formats.Safetensors;

/// <summary>What a header says of one tensor, before it is known to be true; <paramref name="Begin"/> and <paramref name="End"/> count from the data's start.</summary>
internal sealed record SafetensorsClaim(string Name, string Type, ImmutableArray<long> Shape, long Begin, long End)
{
    public string Range => $"{Begin}..{End}";

    public string Where(string file) => $"{file}: tensor {Excerpt.Of(Name)}";

    public void Check(long dataLength, string file)
    {
        const string remedy = "download or save the file again";
        if (BitsOf(Type) is not { } bits)
            throw new InputException(Where(file), $"expected a dtype of the format, e.g. F32 or BF16, found {Excerpt.Of(Type)}", "save it in one of those");
        if (End < Begin)
            throw new InputException(Where(file), $"expected data_offsets that ascend, found {Range}", remedy);
        if (End > dataLength)
            throw new InputException(Where(file), $"expected data_offsets within the {dataLength} bytes of data, found {Range}", remedy);
        if (Count() is not { } count)
            throw new InputException(Where(file), $"expected a shape of fewer than 2^63 elements, found {ShapeText}", remedy);
        if ((Int128)count * bits != (Int128)(End - Begin) * 8)
            throw new InputException(Where(file), $"expected {(Int128)count * bits / 8} bytes for {Type} of shape {ShapeText}, found {End - Begin} ({Range})", remedy);
    }

    private string ShapeText => Shape.Length <= 8 ? $"({string.Join(", ", Shape)})" : $"({string.Join(", ", Shape.Take(8))}, … {Shape.Length} sizes)";

    /// <summary>Elements, or null where the sizes other than 0 multiply to more than 64 bits hold.</summary>
    private long? Count()
    {
        Int128 product = 1;
        foreach (var size in Shape)
        {
            product *= Math.Max(size, 1);
            if (product > long.MaxValue) return null;
        }

        return Shape.Contains(0) ? 0 : (long)product;
    }

    /// <summary>Bits of an element, or null where the format has no such type.</summary>
    public static int? BitsOf(string type) => type switch
    {
        "F4" => 4,
        "F6_E2M3" or "F6_E3M2" => 6,
        "BOOL" or "U8" or "I8" or "F8_E5M2" or "F8_E4M3" or "F8_E8M0" or "F8_E4M3FNUZ" or "F8_E5M2FNUZ" => 8,
        "I16" or "U16" or "F16" or "BF16" => 16,
        "I32" or "U32" or "F32" => 32,
        "I64" or "U64" or "F64" or "C64" => 64,
        _ => null,
    };
}
