using Eckart.Formats.HuggingFace;
using Eckart.Formats.HuggingFace.Hub;
using Eckart.Tests.Support;

namespace Eckart.Tests.Formats.HuggingFace.Hub;

public sealed class HubCacheTests : IDisposable
{
    private readonly LoopbackHub hub = new();

    public void Dispose() => hub.Dispose();

    [Fact]
    public async Task A_branch_is_asked_for_again_and_nothing_is_downloaded_twice()
    {
        await hub.Find();
        var before = hub.Asked.Count();

        var snapshot = await hub.Find();

        Assert.Equal(new HubSnapshot(hub.Snapshot), snapshot);
        Assert.Equal(["/api/models/org/tiny/revision/main?blobs=true"], hub.Asked.Skip(before));
    }

    [Fact]
    public async Task A_branch_that_moved_is_followed_and_shares_what_stayed()
    {
        await hub.Find();
        var before = hub.Asked.Count();
        var old = hub.Snapshot;
        hub.Commit = new string('d', 40);
        hub.Files["config.json"] = "{ }"u8.ToArray();

        var snapshot = await hub.Find();

        Assert.Equal(hub.Snapshot, snapshot.Path);
        Assert.Equal(["/api/models/org/tiny/revision/main?blobs=true", $"/org/tiny/resolve/{hub.Commit}/config.json"], hub.Asked.Skip(before));
        Assert.Equal("{}", File.ReadAllText(Path.Combine(old, "config.json")));
        Assert.Equal("{ }", File.ReadAllText(Path.Combine(hub.Snapshot, "config.json")));
        Assert.Equal(hub.Commit, File.ReadAllText(Path.Combine(hub.Repository, "refs", "main")));
    }

    [Fact]
    public async Task A_commit_that_is_there_needs_no_network()
    {
        await hub.Find($"{LoopbackHub.Id}@{hub.Commit}");
        var before = hub.Asked.Count();

        var snapshot = await hub.Find($"{LoopbackHub.Id}@{hub.Commit}");

        Assert.Equal(hub.Snapshot, snapshot.Path);
        Assert.Equal(before, hub.Asked.Count());
        Assert.False(Directory.Exists(Path.Combine(hub.Repository, "refs")));
    }

    [Fact]
    public async Task A_commit_without_a_tokenizer_is_asked_for_once()
    {
        hub.Files.Remove("tokenizer.json");
        await hub.Find($"{LoopbackHub.Id}@{hub.Commit}");
        var before = hub.Asked.Count();

        await hub.Find($"{LoopbackHub.Id}@{hub.Commit}");

        Assert.Equal(before, hub.Asked.Count());
        Assert.True(File.Exists(Path.Combine(hub.Repository, ".no_exist", hub.Commit, "tokenizer.json")));
    }

    [Fact]
    public async Task A_tokenizer_that_another_tool_left_out_is_added()
    {
        await hub.Find($"{LoopbackHub.Id}@{hub.Commit}");
        File.Delete(Path.Combine(hub.Snapshot, "tokenizer.json"));

        await hub.Find($"{LoopbackHub.Id}@{hub.Commit}");

        Assert.Equal(hub.Files["tokenizer.json"], File.ReadAllBytes(Path.Combine(hub.Snapshot, "tokenizer.json")));
    }

    [Theory]
    [InlineData("refs/pr/3", "refs%2Fpr%2F3")]
    [InlineData("v1.0", "v1.0")]
    public async Task A_revision_has_its_own_place(string revision, string escaped)
    {
        await hub.Find($"{LoopbackHub.Id}@{revision}");

        Assert.Equal($"/api/models/org/tiny/revision/{escaped}?blobs=true", hub.Asked.First());
        Assert.Equal(hub.Commit, File.ReadAllText(Path.Combine(hub.Repository, "refs", revision)));
        Assert.False(File.Exists(Path.Combine(hub.Repository, "refs", "main")));
    }

    [Fact]
    public async Task Offline_the_cache_is_used_and_nobody_is_asked()
    {
        await hub.Find();
        var before = hub.Asked.Count();
        hub.Environment["HF_HUB_OFFLINE"] = "1";

        Assert.Equal(new HubSnapshot(hub.Snapshot), await hub.Find());
        Assert.Equal(new HubSnapshot(hub.Snapshot), await hub.Find($"{LoopbackHub.Id}@{hub.Commit}"));
        await hub.Refuses([$"{LoopbackHub.Id}@v2: expected it in the hub's cache, as HF_HUB_OFFLINE forbids to download it, found only parts or other revisions of it in {hub.Repository}", "unset HF_HUB_OFFLINE"], id: $"{LoopbackHub.Id}@v2");
        File.Delete(hub.Blob("model.safetensors"));
        await hub.Refuses(["found only parts"]);
        Assert.Equal(before, hub.Asked.Count());
    }

    [Fact]
    public async Task Offline_with_an_empty_cache_is_refused()
    {
        hub.Environment["HF_HUB_OFFLINE"] = "yes";

        await hub.Refuses([$"{LoopbackHub.Id}: expected it in the hub's cache", $"found nothing of it in {hub.Repository}"]);

        Assert.Empty(hub.Asked);
        Assert.Empty(Directory.GetFileSystemEntries(hub.Home));
    }

    [Fact]
    public async Task Without_a_network_the_cache_is_used_at_once_and_that_is_said()
    {
        await hub.Find();
        hub.Environment["HF_ENDPOINT"] = NoServer();

        var snapshot = await hub.Find();

        Assert.Equal(new HubSnapshot(hub.Snapshot, $"{LoopbackHub.Id}: the hub cannot be reached; its commit {hub.Commit} is in the cache and is used"), snapshot);
        Assert.Empty(hub.Waits);
    }

    [Fact]
    public async Task Without_a_network_and_a_cache_that_is_said_at_once()
    {
        hub.Environment["HF_ENDPOINT"] = NoServer();

        await hub.Refuses([$"{LoopbackHub.Id}: no file or folder of that name here, so a model of 127.0.0.1: expected an answer of the hub, found a failed connection to 127.0.0.1 (Connection refused", "); check the network"]);

        Assert.Empty(hub.Waits);
    }

    [Theory]
    [InlineData("a ref that is no commit")]
    [InlineData("")]
    [InlineData("../../../../etc")]
    public async Task A_ref_that_names_no_commit_is_none(string text)
    {
        await hub.Find();
        File.WriteAllText(Path.Combine(hub.Repository, "refs", "main"), text);
        hub.Environment["HF_HUB_OFFLINE"] = "1";

        await hub.Refuses(["expected it in the hub's cache"]);

        hub.Environment.Remove("HF_HUB_OFFLINE");
        await hub.Find();
        Assert.Equal(hub.Commit, File.ReadAllText(Path.Combine(hub.Repository, "refs", "main")));
    }

    [Fact]
    public async Task A_blob_that_is_cut_or_gone_is_downloaded_again()
    {
        await hub.Find();
        File.WriteAllBytes(hub.Blob("model.safetensors"), [1, 2, 3]);
        File.Delete(hub.Blob("config.json"));

        await hub.Find();

        Assert.All(["model.safetensors", "config.json"], name => Assert.Equal(hub.Files[name], File.ReadAllBytes(Path.Combine(hub.Snapshot, name))));
    }

    [Fact]
    public async Task Where_links_are_impossible_the_files_themselves_are_there_and_found_again()
    {
        hub.Platform = hub.Platform with { MakeLink = (_, _) => throw new IOException("no links here") };

        await hub.Find();
        var before = hub.Asked.Count();
        await hub.Find();

        Assert.Equal(["config.json", "model.safetensors", "tokenizer.json"], Directory.GetFiles(hub.Snapshot).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(Directory.GetFiles(hub.Snapshot), file => Assert.Null(new FileInfo(file).LinkTarget));
        Assert.Equal(hub.Files["model.safetensors"], File.ReadAllBytes(Path.Combine(hub.Snapshot, "model.safetensors")));
        Assert.Equal(before + 1, hub.Asked.Count());
    }

    [Fact]
    public async Task Two_at_once_download_each_file_once()
    {
        hub.Platform = hub.Platform with { Wait = (_, cancellation) => Task.Delay(1, cancellation) };
        hub.Files["model.safetensors"] = new byte[3_000_000];

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => hub.Find())));

        Assert.Equal(4 + 3, hub.Asked.Count());
        Assert.Equal(hub.Files["model.safetensors"], File.ReadAllBytes(Path.Combine(hub.Snapshot, "model.safetensors")));
    }

    [Fact]
    public async Task A_lock_that_nobody_holds_any_more_is_no_lock()
    {
        var left = Path.Combine(hub.Home, "hub", ".locks", "models--org--tiny", $"{LoopbackHub.DigestOf("config.json", hub.Files["config.json"])}.lock");
        Directory.CreateDirectory(Path.GetDirectoryName(left)!);
        File.WriteAllText(left, "of a process that was killed");

        await hub.Find();

        Assert.Empty(hub.Waits);
    }

    [Fact]
    public async Task A_blob_that_another_process_fetches_is_waited_for()
    {
        var held = Path.Combine(hub.Home, "hub", ".locks", "models--org--tiny", $"{LoopbackHub.DigestOf("config.json", hub.Files["config.json"])}.lock");
        Directory.CreateDirectory(Path.GetDirectoryName(held)!);
        using var holder = new FileStream(held, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        var waits = 0;
        hub.Platform = hub.Platform with
        {
            Wait = (_, _) =>
            {
                if (++waits == 3) holder.Dispose();
                return Task.CompletedTask;
            },
        };

        await hub.Find();

        Assert.Equal(3, waits);
    }

    [Fact]
    public async Task A_snapshot_in_shards_opens_also_where_the_cache_lies_behind_a_link()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        hub.Files.Remove("model.safetensors");
        hub.Files["one.safetensors"] = SafetensorsBytes.Of(SafetensorsBytes.Floats("a", [1], 1));
        hub.Files["two.safetensors"] = SafetensorsBytes.Of(SafetensorsBytes.Floats("b", [1], 2));
        hub.Files["model.safetensors.index.json"] = """{"weight_map": {"a": "one.safetensors", "b": "two.safetensors"}}"""u8.ToArray();
        var link = Path.Combine(hub.Home, "link");
        Directory.CreateSymbolicLink(link, Directory.CreateDirectory(Path.Combine(hub.Home, "disk")).FullName);
        hub.Environment["HF_HUB_CACHE"] = link;

        var snapshot = await hub.Find();

        using var tensors = CheckpointFolder.OpenTensors(snapshot.Path);
        Assert.Equal(["a", "b"], tensors.Tensors.Keys);
    }

    [Fact]
    public void Blobs_of_small_files_are_named_as_git_names_them() =>
        Assert.Equal("ce013625030ba8dba906f756967f9e9ca394464a", LoopbackHub.DigestOf("hello.txt", "hello\n"u8.ToArray()));

    [Fact]
    public async Task A_cache_that_cannot_be_written_to_is_refused()
    {
        File.WriteAllText(Path.Combine(hub.Home, "hub"), "a file where the folder should be");

        await hub.Refuses(["expected to write to the hub's cache, found: ", "HF_HUB_CACHE"]);
    }

    // A port that was free a moment ago.
    private static string NoServer()
    {
        using var server = new LoopbackServer(_ => new LoopbackReply(500, []));
        return server.Address.ToString();
    }
}
