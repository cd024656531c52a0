using Eckart.Formats.HuggingFace;
using Eckart.Tests.Support;

namespace Eckart.Tests.Formats.HuggingFace;

public sealed class ShardedTensorsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public ShardedTensorsTests()
    {
        folder.File("one.safetensors", SafetensorsBytes.Of(SafetensorsBytes.Floats("a", [2], 1, 2), SafetensorsBytes.Floats("unlisted", [1], 9)));
        folder.File("two.safetensors", SafetensorsBytes.Of(SafetensorsBytes.Floats("b", [2, 1], 3, 4)));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Reads_each_tensor_from_its_shard()
    {
        using var tensors = ShardedTensors.Open(Index("""{"metadata":{"total_size":16},"weight_map":{"b":"two.safetensors","a":"one.safetensors"}}"""));
        var row = new float[1];

        tensors.ReadRows("b", 1, row);

        Assert.Equal([4f], row);
        Assert.Equal(BitConverter.GetBytes(2f), tensors.Bytes("a", 4, 4).ToArray());
        Assert.Equal(["b", "a", "unlisted"], tensors.Tensors.Keys);
        Assert.Equal(["two.safetensors", "one.safetensors"], tensors.Shards.Select(shard => Path.GetFileName(shard.Path)));
        Assert.Equal(folder.Path, tensors.Path);
    }

    [Fact]
    public void Names_the_folder_and_the_tensor_that_no_shard_holds()
    {
        using var tensors = ShardedTensors.Open(Index("""{"weight_map":{"a":"one.safetensors"}}"""));

        Refused.With(() => tensors.ReadRows("b", 0, new float[2]), $"{folder.Path}: expected a tensor 'b', found none of that name among 2 in 1 shards");
        Refused.With(() => { tensors.Bytes("b", 0, 1); }, "expected a tensor 'b'");
    }

    [Fact]
    public void Throws_once_it_is_disposed()
    {
        var tensors = ShardedTensors.Open(Index("""{"weight_map":{"a":"one.safetensors"}}"""));

        tensors.Dispose();

        Assert.Throws<ObjectDisposedException>(() => tensors.ReadRows("a", 0, new float[2]));
        Assert.Throws<ObjectDisposedException>(() => { tensors.Bytes("a", 0, 1); });
    }

    [Theory]
    [InlineData("", "expected a JSON file of 1 to 100000000 bytes, found 0")]
    [InlineData("[]", "expected a JSON object")]
    [InlineData("{\"weight_map\":", "expected JSON, found a fault")]
    [InlineData("{}", "'weight_map'")]
    [InlineData("""{"weight_map":{}}""", "'weight_map'")]
    [InlineData("""{"weight_map":["one.safetensors"]}""", "'weight_map'")]
    [InlineData("""{"weight_map":{"a":3}}""", "tensor 'a': expected the name of a file")]
    [InlineData("""{"weight_map":{"a":null}}""", "tensor 'a': expected the name of a file")]
    [InlineData("""{"weight_map":{"a":"one.safetensors","a":"two.safetensors"}}""", "expected JSON, found a fault")]
    [InlineData("""{"weight_map":{"a":"one.safetensors"},"weight_map":{}}""", "expected JSON, found a fault")]
    public void Refuses_a_malformed_index(string index, string found) => Refused.With(() => ShardedTensors.Open(Index(index)), "model.safetensors.index.json", found);

    [Fact]
    public void Refuses_a_missing_shard() =>
        Refused.With(() => ShardedTensors.Open(Index("""{"weight_map":{"a":"one.safetensors","c":"three.safetensors"}}""")), "model.safetensors.index.json: expected a file 'three.safetensors'", "download the missing shard");

    [Fact]
    public void Refuses_a_shard_that_is_malformed()
    {
        folder.File("one.safetensors", "not this");

        Refused.With(() => ShardedTensors.Open(Index("""{"weight_map":{"a":"one.safetensors"}}""")), Path.Combine(folder.Path, "one.safetensors"), "header");
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../outside.safetensors")]
    [InlineData("./one.safetensors")]
    [InlineData("sub/../../outside.safetensors")]
    [InlineData("..\\\\outside.safetensors")]
    [InlineData("/etc/hostname")]
    [InlineData("C:\\\\outside.safetensors")]
    [InlineData("one.safetensors\\u0000")]
    public void Refuses_a_shard_that_leaves_the_folder(string shard) =>
        Refused.With(() => ShardedTensors.Open(Index($$$"""{"weight_map":{"a":"{{{shard}}}"}}""")), "model.safetensors.index.json: expected files of the index's own folder");

    [Fact]
    public void Refuses_a_link_that_leaves_the_folder()
    {
        using var outside = new TemporaryFolder();
        outside.File("outside.safetensors", SafetensorsBytes.Of(SafetensorsBytes.Floats("c", [1], 5)));
        File.CreateSymbolicLink(Path.Combine(folder.Path, "first"), Path.Combine(outside.Path, "outside.safetensors"));
        File.CreateSymbolicLink(Path.Combine(folder.Path, "three.safetensors"), "first");

        Refused.With(() => ShardedTensors.Open(Index("""{"weight_map":{"c":"three.safetensors"}}""")), "found 'three.safetensors', which is a link to", "outside.safetensors");
    }

    [Fact]
    public void Refuses_a_link_that_leads_nowhere_or_to_itself()
    {
        File.CreateSymbolicLink(Path.Combine(folder.Path, "dangling.safetensors"), "none.safetensors");
        File.CreateSymbolicLink(Path.Combine(folder.Path, "here.safetensors"), "there.safetensors");
        File.CreateSymbolicLink(Path.Combine(folder.Path, "there.safetensors"), "here.safetensors");

        Refused.With(() => ShardedTensors.Open(Index("""{"weight_map":{"a":"dangling.safetensors"}}""")), "index.json: expected a file 'dangling.safetensors' beside it, found a link to ", "none.safetensors, which does not exist; download");
        Refused.With(() => ShardedTensors.Open(Index("""{"weight_map":{"a":"here.safetensors"}}""")), "index.json: expected a file or a link to one, found ", "here.safetensors', a link that cannot be followed");
    }

    [Fact]
    public void Refuses_a_folder_that_is_a_link_to_itself()
    {
        var loop = Path.Combine(folder.Path, "loop");
        Directory.CreateSymbolicLink(loop, "loop");

        Refused.With(() => ShardedTensors.Open(Path.Combine(loop, "model.safetensors.index.json")), "loop", "expected a JSON file");
    }

    [Fact]
    public void Follows_a_link_within_the_folder()
    {
        File.CreateSymbolicLink(Path.Combine(folder.Path, "three.safetensors"), "two.safetensors");

        using var tensors = ShardedTensors.Open(Index("""{"weight_map":{"b":"three.safetensors"}}"""));

        Assert.Equal(["b"], tensors.Tensors.Keys);
    }

    [Fact]
    public void Follows_the_links_of_the_hubs_cache_and_no_others()
    {
        var snapshot = Directory.CreateDirectory(Path.Combine(folder.Path, "models--x", "snapshots", "0f")).FullName;
        folder.File("models--x/blobs/ab12", SafetensorsBytes.Of(SafetensorsBytes.Floats("a", [1], 7)));
        var index = folder.File("models--x/snapshots/0f/model.safetensors.index.json", """{"weight_map":{"a":"m.safetensors"}}""");
        var link = Path.Combine(snapshot, "m.safetensors");
        File.CreateSymbolicLink(link, "../../blobs/ab12");

        File.CreateSymbolicLink(Path.Combine(folder.Path, "mine"), snapshot);
        foreach (var given in new[] { index, Path.Combine(folder.Path, "mine", Path.GetFileName(index)) })
        {
            using var tensors = ShardedTensors.Open(given);

            Assert.Equal(["a"], tensors.Tensors.Keys);
        }

        File.Delete(link);
        File.CreateSymbolicLink(link, "../../../one.safetensors");

        Refused.With(() => ShardedTensors.Open(index), "is a link to");
    }

    [Fact]
    public void Refuses_a_tensor_that_its_shard_lacks()
    {
        Refused.With(() => ShardedTensors.Open(Index("""{"weight_map":{"c":"one.safetensors"}}""")), "model.safetensors.index.json: tensor 'c': expected it in 'one.safetensors', found it nowhere");
        Refused.With(() => ShardedTensors.Open(Index("""{"weight_map":{"a":"two.safetensors","b":"one.safetensors"}}""")), "tensor 'a': expected it in 'two.safetensors', found it in 'one.safetensors'; download");
    }

    [Fact]
    public void Refuses_a_tensor_that_two_shards_hold()
    {
        folder.File("two.safetensors", SafetensorsBytes.Of(SafetensorsBytes.Floats("b", [1], 3), SafetensorsBytes.Floats("a", [1], 1)));

        Refused.With(() => ShardedTensors.Open(Index("""{"weight_map":{"a":"one.safetensors","b":"two.safetensors"}}""")), "two.safetensors: tensor 'a': expected it in one shard", "one.safetensors too");
    }

    private string Index(string json) => folder.File("model.safetensors.index.json", json);
}
