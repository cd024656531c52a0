using System.Text;
using Eckart.Formats.Safetensors;
using Eckart.Tests.Support;

namespace Eckart.Tests.Formats.Safetensors;

public sealed class SafetensorsWriterTests
{
    private static readonly Dictionary<string, string> None = [];

    [Fact]
    public void What_is_written_is_read_back_byte_for_byte()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "model.safetensors");

        SafetensorsWriter.Write(path, [Tensor("b", "F16", [3], 1), Tensor("a", "F16", [2, 2], 2), Tensor("z", "F32", [], 3), Tensor("none", "F32", [0, 4], 4)], new Dictionary<string, string> { ["format"] = "pt", ["by"] = "\"ŋ" });

        using var file = SafetensorsFile.Open(path);
        Assert.Equal(["none", "z", "a", "b"], file.Tensors.Keys);
        Assert.Equal("\"ŋ", file.Header.Metadata["by"]);
        Assert.Equal([2L, 2L], file.Tensors["a"].Shape);
        Assert.Equal(Bytes(8, 2), file.Bytes("a", 0, 8).ToArray());
        Assert.Equal(Bytes(6, 1), file.Bytes("b", 0, 6).ToArray());
        Assert.Equal(Bytes(4, 3), file.Bytes("z", 0, 4).ToArray());
    }

    [Fact]
    public void The_bytes_are_the_formats()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "model.safetensors");

        SafetensorsWriter.Write(path, [Tensor("w", "F32", [2], 7)], None);

        const string Header = """{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";
        var padded = Header.PadRight(56);
        Assert.Equal([.. SafetensorsBytes.Prefix(56), .. Encoding.UTF8.GetBytes(padded), .. Bytes(8, 7)], File.ReadAllBytes(path));
    }

    [Fact]
    public void Data_begin_at_a_multiple_of_eight_bytes_whatever_the_names()
    {
        using var folder = new TemporaryFolder();
        for (var length = 1; length <= 16; length++)
        {
            var path = Path.Combine(folder.Path, $"{length}");

            SafetensorsWriter.Write(path, [Tensor(new string('n', length), "F32", [1], 0)], None);

            using var file = SafetensorsFile.Open(path);
            Assert.Equal(0, file.Header.Offsets.Values.Single() % 8);
        }
    }

    [Fact]
    public void A_writer_that_writes_too_little_leaves_the_older_file()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("model.safetensors", "older");

        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(path, [Tensor("w", "F32", [2], 7) with { Write = stream => stream.Write(Bytes(7, 0)) }], None));

        Assert.Equal("older", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    private static SafetensorsContent Tensor(string name, string type, long[] shape, int seed) =>
        new(name, type, [.. shape], stream => stream.Write(Bytes((int)shape.Aggregate(1L, (product, size) => product * size) * (type == "F32" ? 4 : 2), seed)));

    private static byte[] Bytes(int count, int seed) => [.. Enumerable.Range(0, count).Select(i => (byte)((i * 31) + seed))];
}
