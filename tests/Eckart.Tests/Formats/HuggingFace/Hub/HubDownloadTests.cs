using System.Globalization;
using Eckart.Formats.HuggingFace.Hub;
using Eckart.Tests.Support;

namespace Eckart.Tests.Formats.HuggingFace.Hub;

public sealed class HubDownloadTests : IDisposable
{
    private const string Weights = "model.safetensors";
    private static readonly string[] All = ["config.json", Weights, "tokenizer.json"];
    private readonly LoopbackHub hub = new();

    public void Dispose() => hub.Dispose();

    [Fact]
    public async Task What_is_needed_and_nothing_else_is_downloaded_into_the_layout_that_all_tools_share()
    {
        var snapshot = await hub.Find();

        Assert.Equal(new HubSnapshot(hub.Snapshot), snapshot);
        Assert.Equal(All, Names(hub.Snapshot));
        Assert.Equal(All.Select(name => Path.GetFileName(hub.Blob(name))).Order(StringComparer.Ordinal), Names(Path.Combine(hub.Repository, "blobs")));
        Assert.All(All, name => Assert.Equal(hub.Files[name], File.ReadAllBytes(Path.Combine(hub.Snapshot, name))));
        Assert.All(All, name => Assert.Equal(Path.Combine("..", "..", "blobs", Path.GetFileName(hub.Blob(name))), new FileInfo(Path.Combine(hub.Snapshot, name)).LinkTarget));
        Assert.Equal(hub.Commit, File.ReadAllText(Path.Combine(hub.Repository, "refs", "main")));
        Assert.Equal(["/api/models/org/tiny/revision/main?blobs=true", .. All.Order(StringComparer.Ordinal).Select(name => $"/org/tiny/resolve/{hub.Commit}/{name}")], hub.Asked.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Of_an_index_its_shards_are_downloaded_and_all_the_small_files_that_are_known()
    {
        hub.Files.Remove(Weights);
        hub.Files["a.safetensors"] = [1];
        hub.Files["b.safetensors"] = [2, 3];
        hub.Files["other.safetensors"] = [4];
        hub.Files["model.safetensors.index.json"] = """{"weight_map": {"x": "b.safetensors", "y": "a.safetensors", "z": "b.safetensors"}}"""u8.ToArray();
        foreach (var name in new[] { "tokenizer_config.json", "special_tokens_map.json", "generation_config.json", "vocab.json", "pytorch_model.bin", "onnx/model.onnx", "x.gguf" }) hub.Files[name] = "x"u8.ToArray();

        await hub.Find();

        Assert.Equal(["a.safetensors", "b.safetensors", "config.json", "generation_config.json", "model.safetensors.index.json", "special_tokens_map.json", "tokenizer.json", "tokenizer_config.json"], Names(hub.Snapshot));
    }

    [Theory]
    [InlineData("""{"weight_map": {"x": "missing.safetensors"}}""", "'missing.safetensors', which the repository does not have")]
    [InlineData("""{"weight_map": {"x": "../../../x"}}""", "'../../../x', which the repository does not have")]
    [InlineData("""{"weight_map": {"x": "onnx/model.onnx"}}""", "'onnx/model.onnx'")]
    [InlineData("""{"weight_map": 1}""", "expected an object 'weight_map'")]
    public async Task An_index_that_names_other_than_its_neighbours_is_refused(string index, string problem)
    {
        hub.Files.Remove(Weights);
        hub.Files["onnx/model.onnx"] = [1];
        hub.Files["model.safetensors.index.json"] = System.Text.Encoding.UTF8.GetBytes(index);

        await hub.Refuses(["model.safetensors.index.json", problem, "; "]);

        Assert.False(File.Exists(Path.Combine(hub.Repository, "refs", "main")));
    }

    [Fact]
    public async Task For_a_tokenizer_no_weights_are_downloaded_and_later_they_are()
    {
        await hub.Find(content: HubContent.Tokenizer);
        Assert.Equal(["tokenizer.json"], Names(hub.Snapshot));

        await hub.Find();
        Assert.Equal(All, Names(hub.Snapshot));
        Assert.Single(hub.Asked, path => path.EndsWith("/tokenizer.json", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_download_is_resumed_where_an_earlier_one_stopped()
    {
        hub.LeavePart(Weights, hub.Files[Weights][..1234]);
        var reports = new List<BytesDone>();

        await hub.Find(progress: reports.Add);

        Assert.Equal("bytes=1234-", RangeOf(Weights).Single());
        Assert.Equal(hub.Files[Weights], File.ReadAllBytes(hub.Blob(Weights)));
        var expected = 5000 - 1234 + hub.Files["config.json"].Length + hub.Files["tokenizer.json"].Length;
        Assert.Equal(new BytesDone(expected, expected), reports[^1]);
        Assert.False(File.Exists($"{hub.Blob(Weights)}.incomplete"));
    }

    [Fact]
    public async Task A_part_that_is_all_there_is_checked_and_not_asked_for()
    {
        hub.LeavePart(Weights, hub.Files[Weights]);

        await hub.Find();

        Assert.Empty(RangeOf(Weights));
        Assert.Equal(hub.Files[Weights], File.ReadAllBytes(Path.Combine(hub.Snapshot, Weights)));
    }

    [Theory]
    [InlineData(1234)]
    [InlineData(5000)]
    [InlineData(5001)]
    public async Task A_part_that_is_wrong_or_too_long_is_thrown_away(int length)
    {
        hub.LeavePart(Weights, new byte[length]);

        await hub.Find();

        Assert.Null(RangeOf(Weights)[^1]);
        Assert.Equal(hub.Files[Weights], File.ReadAllBytes(hub.Blob(Weights)));
    }

    [Fact]
    public async Task A_hub_that_knows_no_ranges_sends_the_whole_again()
    {
        hub.LeavePart(Weights, hub.Files[Weights][..1234]);
        hub.Misbehave = request => request.From > 0 ? new LoopbackReply(200, hub.Files[Weights]) : null;
        var reports = new List<BytesDone>();

        await hub.Find(progress: reports.Add);

        Assert.Equal(hub.Files[Weights], File.ReadAllBytes(hub.Blob(Weights)));
        var small = hub.Files["config.json"].Length + hub.Files["tokenizer.json"].Length;
        Assert.Equal(new BytesDone(5000 + small, 5000 + small), reports[^1]);
    }

    [Fact]
    public async Task A_hub_that_refuses_the_range_is_asked_for_the_whole()
    {
        hub.LeavePart(Weights, hub.Files[Weights][..1234]);
        hub.Misbehave = request => request.From > 0 ? new LoopbackReply(416, []) : null;

        await hub.Find();

        Assert.Equal(["bytes=1234-", null], RangeOf(Weights));
        Assert.Equal(hub.Files[Weights], File.ReadAllBytes(hub.Blob(Weights)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_dropped_connection_is_taken_up_again_at_the_byte_where_it_broke(bool declared)
    {
        hub.Misbehave = request => IsOf(request, Weights) && request.From < 3000 ? Cut(hub.Behave(request), declared) : null;

        await hub.Find();

        Assert.Equal([null, "bytes=1000-", "bytes=2000-", "bytes=3000-"], RangeOf(Weights));
        Assert.Equal(hub.Files[Weights], File.ReadAllBytes(hub.Blob(Weights)));
        Assert.Equal([1, 2, 4], hub.Waits.Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public async Task A_line_that_is_always_cut_is_given_up_and_what_arrived_is_kept()
    {
        hub.Misbehave = request => IsOf(request, Weights) ? Cut(hub.Behave(request), declared: false) with { DropAfter = 100, Body = hub.Files[Weights][request.From..] } : null;

        await hub.Refuses([$"{LoopbackHub.Id}: {Weights}: expected an answer of the hub, found an end after 500 of 5000 bytes, 5 times", "; check the network"]);

        Assert.Equal(hub.Files[Weights][..500], File.ReadAllBytes($"{hub.Blob(Weights)}.incomplete"));
        Assert.False(File.Exists(Path.Combine(hub.Snapshot, Weights)));
        Assert.False(File.Exists(Path.Combine(hub.Repository, "refs", "main")));
        hub.Misbehave = _ => null;
        await hub.Find();
        Assert.Equal("bytes=500-", RangeOf(Weights)[^1]);
    }

    [Fact]
    public async Task A_line_that_brings_much_before_each_cut_brings_all()
    {
        hub.Files[Weights] = [.. Enumerable.Range(0, 9 << 20).Select(i => (byte)(i >> 7))];
        hub.Misbehave = request => IsOf(request, Weights) && hub.Files[Weights].Length - request.From > 1 << 20 ? hub.Behave(request) with { Declared = null, DropAfter = (1 << 20) + 1 } : null;

        await hub.Find();

        Assert.Equal(9, RangeOf(Weights).Count);
        Assert.Equal(Enumerable.Repeat(1.0, 8), hub.Waits.Select(wait => wait.TotalSeconds));
        Assert.Equal(hub.Files[Weights], File.ReadAllBytes(hub.Blob(Weights)));
    }

    [Fact]
    public async Task A_silent_hub_counts_as_a_dropped_connection()
    {
        hub.Platform = hub.Platform with { Patience = TimeSpan.FromSeconds(0.25) };
        hub.Misbehave = request => IsOf(request, Weights) && request.From == 0 ? hub.Behave(request) with { DropAfter = 70, Hold = true } : null;

        await hub.Find();

        Assert.Equal([null, "bytes=70-"], RangeOf(Weights));
    }

    [Theory]
    [InlineData(4999, "found 4999")]
    [InlineData(5001, "found 5001")]
    public async Task A_hub_that_lies_about_a_size_is_refused(int length, string found)
    {
        hub.Misbehave = request => IsOf(request, Weights) ? new LoopbackReply(200, new byte[length]) : null;

        await hub.Refuses([$"{LoopbackHub.Id}: {Weights}: expected the 5000 bytes that the hub publishes, {found}", "; "]);

        Assert.False(File.Exists(hub.Blob(Weights)));
    }

    [Fact]
    public async Task More_bytes_than_published_are_refused_when_no_length_is_declared()
    {
        hub.Misbehave = request => IsOf(request, Weights) ? new LoopbackReply(200, new byte[5001]) { Declared = null } : null;

        await hub.Refuses(["expected the 5000 bytes that the hub publishes, found more"]);

        Assert.Equal(0, new FileInfo($"{hub.Blob(Weights)}.incomplete").Length);
    }

    [Theory]
    [InlineData("bytes 1235-4999/5000", "found the part bytes 1235-4999/5000")]
    [InlineData("bytes 1234-4999/6000", "found the part bytes 1234-4999/6000")]
    [InlineData(null, "found a part without its place")]
    public async Task A_part_of_another_place_is_refused(string? range, string found)
    {
        hub.LeavePart(Weights, hub.Files[Weights][..1234]);
        hub.Misbehave = request => request.From > 0 ? new LoopbackReply(206, hub.Files[Weights][1234..], range is null ? [] : [("Content-Range", range)]) : null;

        await hub.Refuses(["expected the 5000 bytes that the hub publishes, ", found]);

        Assert.Equal(1234, new FileInfo($"{hub.Blob(Weights)}.incomplete").Length);
    }

    [Theory]
    [InlineData(Weights)]
    [InlineData("config.json")]
    public async Task Bytes_that_do_not_have_the_published_digest_are_refused(string name)
    {
        var wrong = (byte[])hub.Files[name].Clone();
        wrong[^1] ^= 1;
        hub.Misbehave = request => IsOf(request, name) ? new LoopbackReply(200, wrong) : null;

        await hub.Refuses([$"{LoopbackHub.Id}: {name}: expected bytes with the published digest {LoopbackHub.DigestOf(name, hub.Files[name])}, found {LoopbackHub.DigestOf(name, wrong)}"]);

        Assert.False(File.Exists(Path.Combine(hub.Snapshot, name)));
        Assert.False(File.Exists(hub.Blob(name)));
        Assert.Equal(0, new FileInfo($"{hub.Blob(name)}.incomplete").Length);
        hub.Misbehave = _ => null;
        await hub.Find();
        Assert.Equal(hub.Files[name], File.ReadAllBytes(Path.Combine(hub.Snapshot, name)));
    }

    [Theory]
    [InlineData(5019, true)]
    [InlineData(5020, false)]
    public async Task A_disk_without_room_is_refused_before_any_weight_is_asked_for(long free, bool refused)
    {
        Assert.Equal(20, hub.Files["config.json"].Length + hub.Files["tokenizer.json"].Length);
        hub.Platform = hub.Platform with { FreeBytes = _ => free };

        if (refused) await hub.Refuses([$"{hub.Repository}: expected room for 5020 bytes, found {free.ToString(CultureInfo.InvariantCulture)}", "HF_HUB_CACHE"]);
        else await hub.Find();

        Assert.Equal(refused, RangeOf(Weights).Count == 0);
    }

    [Fact]
    public async Task A_cancelled_download_keeps_its_part()
    {
        using var stop = new CancellationTokenSource();
        hub.Misbehave = request => IsOf(request, Weights) && request.From == 0 ? hub.Behave(request) with { DropAfter = 3000, Hold = true } : null;

        var total = 0L;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hub.Source().FindAsync(HubId.Parse(LoopbackHub.Id)!, HubContent.Checkpoint, StopAt3000, stop.Token));

        void StopAt3000(BytesDone bytes)
        {
            total = bytes.Total;
            if (bytes.Total - bytes.Done == 2000) stop.Cancel();
        }

        Assert.Equal(5020, total);
        Assert.Equal(hub.Files[Weights][..3000], File.ReadAllBytes($"{hub.Blob(Weights)}.incomplete"));
        await hub.Find();
        Assert.Equal([null, "bytes=3000-"], RangeOf(Weights));
    }

    // One piece, then an end: with the length declared a client sees a broken connection, without it a body that is too short.
    private static LoopbackReply Cut(LoopbackReply reply, bool declared) => reply with { DropAfter = Math.Min(1000, reply.Body.Length), Declared = declared ? reply.Declared : null };

    private static bool IsOf(LoopbackRequest request, string name) => request.Path.EndsWith($"/{name}", StringComparison.Ordinal);

    private List<string?> RangeOf(string name) => [.. hub.Server.Requests.Where(request => IsOf(request, name)).Select(request => request.Header("Range"))];

    private static IEnumerable<string?> Names(string folder) => Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
