using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using CsCheck;
using Eckart.Formats.Safetensors;
using Eckart.Tests.Support;

namespace Eckart.Tests.Formats.Safetensors;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Reads_back_what_was_written()
    {
        string[] types = ["BOOL", "F4", "U8", "I8", "F8_E4M3", "I16", "F16", "BF16", "I32", "F32", "I64", "F64", "C64"];
        int[] bits = [8, 4, 8, 8, 8, 16, 16, 16, 32, 32, 64, 64, 64];
        var tensor = Gen.Select(Gen.Char['\0', '\ud7ff'].Array[0, 20], Gen.Int[0, types.Length - 1], Gen.Long[0, 4].Array[0, 4], Gen.UInt).Select((suffix, type, sizes, seed) =>
        {
            // Whole bytes also for types of half a byte: an even last dimension.
            long[] shape = bits[type] < 8 ? [.. sizes, 2] : sizes;
            var data = new byte[shape.Aggregate(1L, (product, size) => product * size) * bits[type] / 8];
            for (var i = 0; i < data.Length; i++) data[i] = (byte)((seed >> (i % 4 * 8)) + i);
            return (Suffix: new string(suffix), Type: types[type], Shape: shape, Data: data);
        });
        var count = 0;

        tensor.Array[0, 6].Sample(tensors =>
        {
            var written = tensors.Select((item, i) => ($"{i}{item.Suffix}", item.Type, item.Shape, item.Data)).ToArray();
            var path = folder.File($"{Interlocked.Increment(ref count)}.safetensors", SafetensorsBytes.Of(written));

            using var file = SafetensorsFile.Open(path);

            Assert.Equal(written.Select(item => item.Item1), file.Tensors.Keys);
            foreach (var (name, type, shape, data) in written)
            {
                Assert.Equal((type, data.Length), (file.Tensors[name].Type, (int)file.Tensors[name].ByteLength));
                Assert.Equal(shape, file.Tensors[name].Shape);
                Assert.Equal(data, file.Bytes(name, 0, data.Length).ToArray());
            }
        });
    }

    [Fact]
    public void Widens_every_half()
    {
        var halves = Enumerable.Range(0, 65_536).Select(bits => (ushort)bits).ToArray();
        using var file = Open(("h", "F16", [65_536], MemoryMarshal.AsBytes<ushort>(halves).ToArray()));

        var values = Read(file, "h");

        for (var i = 0; i < halves.Length; i++)
        {
            var expected = (float)BitConverter.UInt16BitsToHalf(halves[i]);
            if (float.IsNaN(expected)) Assert.True(float.IsNaN(values[i]));
            else Assert.Equal(BitConverter.SingleToUInt32Bits(expected), BitConverter.SingleToUInt32Bits(values[i]));
        }
    }

    [Fact]
    public void Widens_every_bfloat16()
    {
        var stored = Enumerable.Range(0, 65_536).Select(bits => (ushort)bits).ToArray();
        using var file = Open(("b", "BF16", [65_536], MemoryMarshal.AsBytes<ushort>(stored).ToArray()));

        var values = Read(file, "b");

        for (var i = 0; i < stored.Length; i++) Assert.Equal((uint)i << 16, BitConverter.SingleToUInt32Bits(values[i]));
    }

    [Theory]
    [InlineData("F32")]
    [InlineData("F16")]
    [InlineData("BF16")]
    [InlineData("F64")]
    public void Reads_rows_from_any_place_in_any_number(string type)
    {
        // 37 columns: neither a multiple of a vector nor shorter than one; the byte before moves everything off its alignment.
        var stored = Enumerable.Range(0, 5 * 37).Select(i => i - 90f).ToArray();
        using var file = Open(("odd", "U8", [1], [7]), ("w", type, [5, 37], Store(type, stored)));

        for (var first = 0; first <= 5; first++)
        {
            for (var rows = 0; first + rows <= 5; rows++)
            {
                var values = new float[rows * 37];
                file.ReadRows("w", first, values);
                Assert.Equal(stored.Skip(first * 37).Take(rows * 37), values);
            }
        }
    }

    [Fact]
    public void A_vector_and_a_scalar_are_one_row()
    {
        using var file = Open(SafetensorsBytes.Floats("vector", [3], 1, 2, 3), SafetensorsBytes.Floats("scalar", [], 4), SafetensorsBytes.Floats("none", [3, 0]));

        Assert.Equal([1f, 2f, 3f], Read(file, "vector"));
        Assert.Equal([4f], Read(file, "scalar"));
        Assert.Empty(Read(file, "none"));
        Assert.Throws<ArgumentException>(() => file.ReadRows("vector", 0, new float[2]));
        Assert.Throws<ArgumentException>(() => file.ReadRows("none", 0, new float[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.ReadRows("vector", 1, new float[3]));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    [InlineData(3, 0)]
    [InlineData(long.MaxValue, 1)]
    public void Rows_outside_the_tensor_are_a_mistake_of_the_caller(long first, int rows)
    {
        using var file = Open(SafetensorsBytes.Floats("w", [2, 2], 1, 2, 3, 4));

        Assert.Throws<ArgumentOutOfRangeException>(() => file.ReadRows("w", first, new float[rows * 2]));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 17)]
    [InlineData(16, 1)]
    [InlineData(0, -1)]
    [InlineData(long.MaxValue, 1)]
    public void Bytes_outside_the_tensor_are_a_mistake_of_the_caller(long offset, int length)
    {
        using var file = Open(SafetensorsBytes.Floats("w", [2, 2], 1, 2, 3, 4), SafetensorsBytes.Floats("next", [1], 5));

        Assert.Throws<ArgumentOutOfRangeException>(() => { file.Bytes("w", offset, length); });
    }

    [Theory]
    [InlineData("I64", 8)]
    [InlineData("I32", 4)]
    [InlineData("U8", 1)]
    [InlineData("BOOL", 1)]
    [InlineData("F8_E4M3", 1)]
    [InlineData("C64", 8)]
    public void Other_types_are_listed_but_are_no_weights(string type, int size)
    {
        using var file = Open(("ids", type, [1], new byte[size]));

        Assert.Equal(type, file.Tensors["ids"].Type);
        Assert.Equal(size, file.Bytes("ids", 0, size).Length);
        Refused.With(() => Read(file, "ids"), $"{file.Path}: tensor 'ids': expected weights in F32, F16, BF16 or F64, found {type}");
    }

    [Fact]
    public void Names_the_file_and_the_tensor_that_it_does_not_hold()
    {
        using var file = Open(SafetensorsBytes.Floats("w", [1], 1));

        Refused.With(() => file.ReadRows("v", 0, new float[1]), $"{file.Path}: expected a tensor 'v', found none of that name among 1");
        Refused.With(() => { file.Bytes("v", 0, 1); }, $"{file.Path}: expected a tensor 'v'");
    }

    [Fact]
    public void Refuses_what_is_no_file()
    {
        Refused.With(() => SafetensorsFile.Open(Path.Combine(folder.Path, "none.safetensors")), "none.safetensors: ", "cannot be read");
        Refused.With(() => SafetensorsFile.Open(folder.Path), folder.Path, "cannot be read");
        Refused.With(() => SafetensorsFile.Open(folder.File("empty.safetensors", "")), "empty.safetensors: expected a safetensors file of at least 8 bytes, found 0");
    }

    [Fact]
    public void Refuses_what_never_ends()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "no such device on this system");
        var link = Path.Combine(folder.Path, "link.safetensors");
        File.CreateSymbolicLink(link, "/dev/zero");

        Refused.With(() => SafetensorsFile.Open("/dev/zero"), "/dev/zero: expected a safetensors file of at least 8 bytes, found 0");
        Refused.With(() => SafetensorsFile.Open(link), "link.safetensors: expected a safetensors file of at least 8 bytes, found 0");
    }

    [Fact]
    public void Refuses_a_header_that_lies_about_the_file_by_file_and_tensor()
    {
        var bytes = SafetensorsBytes.Of(SafetensorsBytes.Floats("w", [2], 1, 2));
        var path = folder.File("cut.safetensors", bytes.AsSpan(..^1));

        Refused.With(() => SafetensorsFile.Open(path), $"{path}: tensor 'w': expected data_offsets within the 7 bytes of data, found 0..8; download or save the file again");
    }

    [Fact]
    public void Throws_once_it_is_disposed()
    {
        var file = Open(SafetensorsBytes.Floats("w", [1], 1));

        file.Dispose();
        file.Dispose();

        Assert.Throws<ObjectDisposedException>(() => file.ReadRows("w", 0, new float[1]));
        Assert.Throws<ObjectDisposedException>(() => { file.Bytes("w", 0, 1); });
    }

    [Fact]
    public void Reads_the_same_from_many_threads()
    {
        var stored = Enumerable.Range(0, 64 * 100).Select(i => (float)i).ToArray();
        using var file = Open(("w", "F16", [64, 100], Store("F16", [.. stored.Select(value => value % 2048)])));

        Parallel.For(0, 640, i =>
        {
            var row = new float[100];
            file.ReadRows("w", i % 64, row);
            Assert.Equal(stored.Skip(i % 64 * 100).Take(100).Select(value => value % 2048), row);
        });
    }

    [Fact]
    public void Reads_beyond_2_GiB()
    {
        const long rows = 600_000_003;
        var path = Sparse(rows * 4);
        using (var stream = File.OpenWrite(path))
        {
            stream.Seek(-8, SeekOrigin.End);
            stream.Write(MemoryMarshal.AsBytes<float>(new[] { 3f, 4f }));
        }

        using var file = SafetensorsFile.Open(path);
        var values = new float[3];
        file.ReadRows("w", rows - 3, values);

        Assert.Equal([0f, 3f, 4f], values);
        Assert.Equal(4f, BinaryPrimitives.ReadSingleLittleEndian(file.Bytes("w", (rows - 1) * 4, 4)));
    }

    [Theory]
    [InlineData("tensors", "\"{0}\":{{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}", "{", "}", "expected at most 65536 tensors")]
    [InlineData("texts", "\"{0}\":\"\"", "{\"__metadata__\":{", "}}", "__metadata__: expected at most 65536 texts")]
    [InlineData("sizes", "1", "{\"a\":{\"dtype\":\"U8\",\"shape\":[", "],\"data_offsets\":[0,1]}}", "tensor 'a': expected at most 64 numbers in shape")]
    public void More_of_anything_than_a_checkpoint_has_is_refused_before_it_fills_the_memory(string what, string one, string open, string close, string found)
    {
        var header = open + string.Join(',', Enumerable.Range(0, 1_000_000).Select(i => string.Format(CultureInfo.InvariantCulture, one, i))) + close;
        var path = folder.File($"{what}.safetensors", SafetensorsBytes.WithHeader(header));

        Allocated.WithinReason(path, () => Refused.With(() => SafetensorsFile.Open(path), $"{what}.safetensors", found));
    }

    [Fact]
    public void Opening_allocates_no_more_for_a_large_file()
    {
        var (small, large) = (Sparse(1 << 10), Sparse(1L << 30));
        AllocatedByOpening(small);

        Assert.InRange(AllocatedByOpening(large) - AllocatedByOpening(small), -1024, 1024);
    }

    private static long AllocatedByOpening(string path)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        SafetensorsFile.Open(path).Dispose();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>A file of one float32 column "w" that takes no room on the disk.</summary>
    private string Sparse(long bytes)
    {
        var path = folder.File($"{bytes}.safetensors", SafetensorsBytes.WithHeader($"{{\"w\":{SafetensorsBytes.Entry("F32", $"[{bytes / 4},1]", $"[0,{bytes}]")}}}"));
        using var stream = File.OpenWrite(path);
        stream.SetLength(stream.Length + bytes);
        return path;
    }

    private SafetensorsFile Open(params (string, string, long[], byte[])[] tensors) =>
        SafetensorsFile.Open(folder.File("m.safetensors", SafetensorsBytes.Of(tensors)));

    private static float[] Read(SafetensorsFile file, string name)
    {
        var values = new float[file.Tensors[name].Count];
        file.ReadRows(name, 0, values);
        return values;
    }

    private static byte[] Store(string type, float[] values) => type switch
    {
        "F32" => MemoryMarshal.AsBytes<float>(values).ToArray(),
        "F64" => MemoryMarshal.AsBytes<double>(values.Select(value => (double)value).ToArray()).ToArray(),
        "F16" => MemoryMarshal.AsBytes<Half>(values.Select(value => (Half)value).ToArray()).ToArray(),
        "BF16" => MemoryMarshal.AsBytes<ushort>(values.Select(value => (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)).ToArray()).ToArray(),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}
