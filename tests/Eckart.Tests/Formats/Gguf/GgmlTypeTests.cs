using System.Runtime.InteropServices;
using Eckart.Formats.Gguf;
using Eckart.Tests.Support;

namespace Eckart.Tests.Formats.Gguf;

public sealed class GgmlTypeTests
{
    public static TheoryData<string> Readable { get; } = [.. GgmlType.All.Where(type => type.IsReadable).Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Readable))]
    public void Reads_to_the_bits_of_the_reference(string name)
    {
        var golden = new GoldenTensors(Shared.Find("golden/gguf/quants.safetensors"));
        var type = GgmlType.All.Single(known => known.Name == name);
        var values = new float[golden[$"{name}.values"].Length / sizeof(float)];

        new GgufBytes().Tensor("w", type.Number, [(ulong)values.Length], golden[$"{name}.bytes"].ToArray())
            .Open(file => file.ReadRows("w", 0, values));

        Assert.Equal(golden[$"{name}.values"], MemoryMarshal.AsBytes<float>(values));
    }

    [Theory]
    [MemberData(nameof(Readable))]
    public void Reads_a_tensor_of_a_file_to_the_bits_of_the_reference(string name)
    {
        var golden = new GoldenTensors(Shared.Find("golden/gguf/quants.safetensors"));
        using var file = GgufFile.Open(Shared.Find("golden/gguf/tiny.gguf"));
        var expected = golden[$"{name}.values"];

        var values = new float[file.Tensors[$"w.{name}"].Count];
        file.ReadRows($"w.{name}", 0, values);

        Assert.Equal(name, file.Tensors[$"w.{name}"].Type);
        Assert.Equal(golden[$"{name}.bytes"], file.Bytes($"w.{name}", 0, (int)file.Tensors[$"w.{name}"].ByteLength));
        Assert.Equal(expected, MemoryMarshal.AsBytes<float>(values));
    }

    [Fact]
    public void Scales_of_zero_keep_the_sign_of_their_products()
    {
        byte[] minusZero = [0, 0x80, .. Enumerable.Repeat((byte)0x99, 16)];
        var values = new float[32];

        new GgufBytes().Tensor("w", 2, [32], minusZero).Open(file => file.ReadRows("w", 0, values));

        Assert.All(values, value => Assert.True(float.IsNegative(value) && value == 0));
    }

    [Fact]
    public void Every_number_of_a_type_that_ggml_withdrew_is_unknown()
    {
        Assert.All([4u, 5u, 31u, 32u, 33u, 36u, 37u, 38u, uint.MaxValue], number => Assert.Null(GgmlType.Find(number)));
    }

    [Fact]
    public void Blocks_divide_what_is_read_at_once()
    {
        Assert.All(GgmlType.All, type => Assert.Equal(0, (1 << 20) % type.BlockSize));
    }
}
