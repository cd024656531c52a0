using System.Text;
using System.Text.Json.Nodes;
using Eckart.Tests.Support;

namespace Eckart.Tests.Formats.HuggingFace.Hub;

public sealed class HubListingTests : IDisposable
{
    private readonly LoopbackHub hub = new();

    public void Dispose() => hub.Dispose();

    [Theory]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("/etc/x")]
    [InlineData("C:x")]
    [InlineData("C:/x")]
    [InlineData("a\\b")]
    [InlineData("..\\x")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    public async Task A_name_that_leaves_the_repository_is_refused(string name)
    {
        var listing = hub.Listing();
        listing["siblings"]!.AsArray().Add(new JsonObject { ["rfilename"] = name, ["size"] = 1, ["blobId"] = new string('a', 40) });

        await Refuses(listing, "org/tiny: expected names of files inside the repository in the hub's answer, found ");
    }

    [Fact]
    public async Task A_name_that_is_there_twice_is_refused()
    {
        var listing = hub.Listing();
        listing["siblings"]!.AsArray().Add(listing["siblings"]![0]!.DeepClone());

        await Refuses(listing, "expected every file once in the hub's answer, found 'config.json' twice");
    }

    [Theory]
    [InlineData("-1", "'-1'")]
    [InlineData("17592186044417", "'17592186044417'")]
    [InlineData("1e300", "'1e300'")]
    [InlineData("99999999999999999999", "'99999999999999999999'")]
    [InlineData("1.5", "'1.5'")]
    [InlineData("\"7\"", "'\"7\"'")]
    [InlineData("null", "none")]
    public async Task A_size_that_none_can_have_is_refused(string size, string found)
    {
        foreach (var (file, part) in new[] { (0, ""), (3, "lfs") })
        {
            var listing = hub.Listing();
            (part == "" ? listing["siblings"]![file]! : listing["siblings"]![file]![part]!)["size"] = JsonNode.Parse(size);

            await Refuses(listing, $"expected a size of 0 to 17592186044416 bytes in the hub's answer, found {found}");
        }
    }

    [Theory]
    [InlineData("blobId", "40", null)]
    [InlineData("blobId", "40", "../../x")]
    [InlineData("blobId", "40", "CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC")]
    [InlineData("blobId", "40", "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc")]
    [InlineData("sha256", "64", null)]
    [InlineData("sha256", "64", "cccccccccccccccccccccccccccccccccccccccc")]
    [InlineData("sha256", "64", "../../../../../../../../../../../../../../../../../../../../../etc")]
    public async Task A_digest_that_is_none_is_refused_and_never_a_path(string key, string digits, string? digest)
    {
        var listing = hub.Listing();
        (key == "sha256" ? listing["siblings"]![3]!["lfs"]! : listing["siblings"]![0]!)[key] = digest;

        await Refuses(listing, $"expected a digest of {digits} hexadecimal digits in the hub's answer, found ");
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("""{"sha": 1}""")]
    [InlineData("""{"sha": "main", "siblings": []}""")]
    [InlineData("""{"sha": "../../../../../../../../../../../../../x", "siblings": []}""")]
    [InlineData("""{"sha": "cccccccccccccccccccccccccccccccccccccccc"}""")]
    [InlineData("""{"sha": "cccccccccccccccccccccccccccccccccccccccc", "siblings": {}}""")]
    [InlineData("""{"sha": "cccccccccccccccccccccccccccccccccccccccc", "siblings": [1]}""")]
    [InlineData("""{"sha": "cccccccccccccccccccccccccccccccccccccccc", "siblings": [{}]}""")]
    [InlineData("""{"sha": "cccccccccccccccccccccccccccccccccccccccc", "siblings": [{"rfilename": 1}]}""")]
    [InlineData("""{"sha": "cccccccccccccccccccccccccccccccccccccccc", "sha": "cccccccccccccccccccccccccccccccccccccccc", "siblings": []}""")]
    [InlineData("""{"sha": "\ud800", "siblings": []}""")]
    public async Task An_answer_that_is_none_is_refused(string answer)
    {
        hub.Misbehave = _ => new LoopbackReply(200, Encoding.UTF8.GetBytes(answer));

        await hub.Refuses(["org/tiny: ", "expected ", "; "]);
    }

    [Fact]
    public async Task An_answer_without_end_is_cut_off()
    {
        var endless = new byte[(64 << 20) + 1];
        endless.AsSpan().Fill((byte)' ');
        hub.Misbehave = _ => new LoopbackReply(200, endless) { Declared = null };

        await hub.Refuses(["org/tiny: expected an answer of at most 67108864 bytes, found a longer one"]);
    }

    [Fact]
    public async Task The_files_of_another_commit_are_refused()
    {
        await hub.Refuses([$": expected the files of this commit, found those of {hub.Commit}"], $"{LoopbackHub.Id}@{new string('d', 40)}");
    }

    private async Task Refuses(JsonObject listing, params string[] parts)
    {
        hub.Misbehave = _ => new LoopbackReply(200, Encoding.UTF8.GetBytes(listing.ToJsonString()));
        await hub.Refuses(parts);
        Assert.Empty(Directory.GetFiles(hub.Home, "*", SearchOption.AllDirectories));
    }
}
