using System.Collections.Frozen;

namespace Eckart.Formats.Gguf;

/// <summary>How ggml stores the elements of a tensor: in blocks of some elements and some bytes.</summary>
/// <remarks>Source: ggml's <c>enum ggml_type</c> and block structures. Numbers that ggml withdrew (4, 5, 31–33, 36–38) are unknown here too.</remarks>
public sealed class GgmlType
{
    private static readonly FrozenDictionary<uint, GgmlType> ByNumber = new GgmlType[]
    {
        new(0, "F32", 1, 4, PlainTypes.F32), new(1, "F16", 1, 2, PlainTypes.F16), new(30, "BF16", 1, 2, PlainTypes.BF16),
        new(2, "Q4_0", 32, 18, BlockQuants.Q4_0), new(3, "Q4_1", 32, 20, BlockQuants.Q4_1),
        new(6, "Q5_0", 32, 22, BlockQuants.Q5_0), new(7, "Q5_1", 32, 24, BlockQuants.Q5_1),
        new(8, "Q8_0", 32, 34, BlockQuants.Q8_0), new(9, "Q8_1", 32, 36),
        new(10, "Q2_K", 256, 84, KQuants.Q2_K), new(11, "Q3_K", 256, 110, KQuants.Q3_K), new(12, "Q4_K", 256, 144, KQuants.Q4_K),
        new(13, "Q5_K", 256, 176, KQuants.Q5_K), new(14, "Q6_K", 256, 210, KQuants.Q6_K), new(15, "Q8_K", 256, 292),
        new(16, "IQ2_XXS", 256, 66), new(17, "IQ2_XS", 256, 74), new(18, "IQ3_XXS", 256, 98), new(19, "IQ1_S", 256, 50),
        new(20, "IQ4_NL", 32, 18, BlockQuants.IQ4_NL), new(21, "IQ3_S", 256, 110), new(22, "IQ2_S", 256, 82),
        new(23, "IQ4_XS", 256, 136, KQuants.IQ4_XS), new(29, "IQ1_M", 256, 56),
        new(24, "I8", 1, 1), new(25, "I16", 1, 2), new(26, "I32", 1, 4), new(27, "I64", 1, 8), new(28, "F64", 1, 8),
        new(34, "TQ1_0", 256, 54), new(35, "TQ2_0", 256, 66), new(39, "MXFP4", 32, 17), new(40, "NVFP4", 64, 36),
    }.ToFrozenDictionary(type => type.Number);

    private GgmlType(uint number, string name, int blockSize, int blockBytes, BlockReader? reader = null) =>
        (Number, Name, BlockSize, BlockBytes, Reader) = (number, name, blockSize, blockBytes, reader);

    /// <summary>Reads whole blocks to float32.</summary>
    internal delegate void BlockReader(ReadOnlySpan<byte> blocks, Span<float> values);

    /// <summary>The number that files hold.</summary>
    public uint Number { get; }

    /// <summary>The name as ggml spells it, e.g. <c>Q4_1</c>.</summary>
    public string Name { get; }

    /// <summary>Elements a block; divides the fastest dimension of every tensor.</summary>
    public int BlockSize { get; }

    /// <summary>Bytes a block.</summary>
    public int BlockBytes { get; }

    /// <summary>Whether tensors of this type can be read to float32; the others are only listed.</summary>
    public bool IsReadable => Reader is not null;

    internal BlockReader? Reader { get; }

    /// <summary>Every type known, by number.</summary>
    public static IEnumerable<GgmlType> All => ByNumber.Values.OrderBy(type => type.Number);

    /// <summary>The type of a number, or nothing where ggml has none.</summary>
    /// <param name="number">As stored in a file.</param>
    public static GgmlType? Find(uint number) => ByNumber.GetValueOrDefault(number);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
