using Eckart.Formats.Safetensors;
using Eckart.Tests.Export;
using Eckart.Tests.Support;

namespace Eckart.Tests.Formats.Safetensors;

public sealed class SafetensorsRewriteTests : IDisposable
{
    // Entries in another order than the bytes, metadata in the middle, spaces.
    private const string Header = """{ "c":{"dtype":"I8","shape":[3],"data_offsets":[4,7]}, "__metadata__":{"z":"1","a":"ŋ"}, "a":{"shape":[2],"dtype":"F16","data_offsets":[0,4]}, "b":{"dtype":"F16","shape":[0,5],"data_offsets":[7,7]} }  """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void With_no_change_it_is_the_same_file()
    {
        var bytes = Rewrite(name => name, _ => null);

        Assert.Equal(File.ReadAllBytes(Path.Combine(folder.Path, "source.safetensors")), bytes);
    }

    [Fact]
    public void A_replaced_tensor_changes_its_own_bytes_alone()
    {
        var bytes = Rewrite(name => name, name => name == "c" ? stream => stream.Write([9, 9, 9]) : null);

        Assert.Equal([.. File.ReadAllBytes(Path.Combine(folder.Path, "source.safetensors"))[..^3], 9, 9, 9], bytes);
    }

    [Fact]
    public void Names_and_those_left_out_change_the_header_and_the_rest_keeps_order_type_and_metadata()
    {
        Rewrite(name => name switch { "a" => null, "c" => "new \"c\"", _ => name }, _ => null);

        var stored = new StoredFile(Path.Combine(folder.Path, "target.safetensors"));
        Assert.Equal(["new \"c\"", "b"], stored.Names);
        Assert.Equal("""{"z":"1","a":"ŋ"}""", stored.Header.GetProperty("__metadata__").GetRawText());
        Assert.Equal(("I8", "[3]"), (stored.Type("new \"c\""), stored.Shape("new \"c\"")));
        Assert.Equal([5, 6, 7], stored.Bytes("new \"c\""));
        Assert.Equal(("F16", "[0,5]", 0), (stored.Type("b"), stored.Shape("b"), stored.Bytes("b").Length));
        Assert.Equal(0, stored.Start.Length % 8);
        using var file = SafetensorsFile.Open(Path.Combine(folder.Path, "target.safetensors"));
        Assert.Equal(2, file.Tensors.Count);
    }

    [Fact]
    public void Misuse_leaves_no_file()
    {
        Assert.Throws<ArgumentException>(() => Rewrite(name => name, _ => stream => stream.Write([1])));
        Assert.Throws<ArgumentException>(() => Rewrite(_ => "same", _ => null));

        Assert.Equal(["source.safetensors"], Directory.GetFiles(folder.Path).Select(path => Path.GetFileName(path)!));
    }

    private byte[] Rewrite(Func<string, string?> rename, Func<string, Action<Stream>?> replace)
    {
        using var source = SafetensorsFile.Open(folder.File("source.safetensors", SafetensorsBytes.WithHeader(Header, 1, 2, 3, 4, 5, 6, 7)));
        var path = Path.Combine(folder.Path, "target.safetensors");
        SafetensorsRewrite.Write(path, source, rename, replace);
        return File.ReadAllBytes(path);
    }
}
