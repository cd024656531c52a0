using System.Globalization;

namespace Eckart.Formats.HuggingFace.Hub;

/// <summary>Models by their ids: from the cache that all tools of the hub share, and from the hub into it.</summary>
/// <param name="settings">Where hub and cache are.</param>
/// <param name="platform">Waiting, time, disk.</param>
/// <remarks>A branch or tag is asked for anew each time, as it may have moved; a commit that is in the cache needs no network. Where the hub
/// cannot be reached, what the cache holds of the revision is used, and that is said.</remarks>
public sealed class HubSource(HubSettings settings, HubPlatform platform)
{
    /// <summary>Finds a model on this disk, downloading what is not there yet.</summary>
    /// <param name="id">The model.</param>
    /// <param name="content">What of it is wanted; no other file is downloaded.</param>
    /// <param name="progress">Told of the bytes received, from any thread; null for none.</param>
    /// <param name="cancellation">Stops; what has arrived is kept and used by the next download.</param>
    /// <exception cref="InputException">It is not in the cache, and the hub is not to be asked, cannot be reached, has it not, or does not show it; or what it sends is not what it publishes.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<HubSnapshot> FindAsync(HubId id, HubContent content, Action<BytesDone>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        var repository = new HubRepository(settings.Cache, id.Repository, platform);
        var cached = id.IsCommit ? id.Revision : repository.Commit(id.Revision);
        if (cached is not null && !repository.CanOpen(cached, content)) cached = null;
        if (settings.Offline) return cached is not null ? new HubSnapshot(repository.Snapshot(cached)) : throw NotCached(id, repository);
        if (cached is not null && id.IsCommit && repository.IsComplete(cached, content)) return new HubSnapshot(repository.Snapshot(cached));

        try
        {
            return await DownloadAsync(id, content, repository, hasOther: cached is not null, progress, cancellation).ConfigureAwait(false);
        }
        catch (HubUnreachableException unreachable)
        {
            return cached is not null
                ? new HubSnapshot(repository.Snapshot(cached), $"{id}: the hub cannot be reached; its commit {cached} is in the cache and is used")
                : throw unreachable.Problem;
        }
    }

    // Where the cache will do, nobody waits for a second try.
    private async Task<HubSnapshot> DownloadAsync(HubId id, HubContent content, HubRepository repository, bool hasOther, Action<BytesDone>? progress, CancellationToken cancellation)
    {
        using var client = new HubClient(settings, platform);
        var where = id.ToString();
        var retries = new HubRetries(platform, hasOther ? 1 : HubRetries.Usual) { AwaitsNetwork = false };
        var listing = await retries.RunAsync($"{where}: no file or folder of that name here, so a model of {settings.Endpoint.Host}", () => client.ListAsync(id, cancellation), cancellation).ConfigureAwait(false);
        if (id.IsCommit && listing.Commit != id.Revision) throw new InputException(where, $"expected the files of this commit, found those of {listing.Commit}", "check HF_ENDPOINT");
        var weights = HubSelection.Weights(listing, content, where);
        var (done, total) = (0L, 0L);
        var download = new BlobDownload(client, repository, platform, id, listing.Commit)
        {
            Received = bytes =>
            {
                done += Math.Max(0, bytes);
                total += Math.Max(0, -bytes);
                progress?.Invoke(new BytesDone(done, total));
            },
        };

        // The index first: it says what else is needed. Weights last: where they are whole, all is.
        var names = HubSelection.Side(listing, content).ToList();
        if (weights is CheckpointFolder.IndexFile)
        {
            total = download.Missing(listing.File(weights));
            await download.FetchAsync(listing.File(weights), cancellation).ConfigureAwait(false);
            names.AddRange(HubSelection.Shards(repository.InSnapshot(listing.Commit, weights), listing, where));
        }
        else if (weights is not null) names.Add(weights);

        HubFile[] files = [.. names.Select(listing.File)];
        (done, total) = (0, files.Sum(download.Missing));
        CheckDisk(repository, total);
        foreach (var file in files) await download.FetchAsync(file, cancellation).ConfigureAwait(false);
        if (!listing.Has(HubSelection.Tokenizer)) repository.NoteAbsence(listing.Commit, HubSelection.Tokenizer);
        if (!id.IsCommit) repository.Point(id.Revision, listing.Commit);
        return new HubSnapshot(repository.Snapshot(listing.Commit));
    }

    private void CheckDisk(HubRepository repository, long bytes)
    {
        if (bytes == 0) return;
        HubRepository.MakeFolderOf(repository.Blob("any"));
        if (platform.FreeBytes(repository.Folder) is var free && free < bytes)
            throw new InputException(repository.Folder, string.Create(CultureInfo.InvariantCulture, $"expected room for {bytes} bytes, found {free}"), "make room, or name a folder on another disk in HF_HUB_CACHE");
    }

    private static InputException NotCached(HubId id, HubRepository repository) => new(
        id.ToString(),
        $"expected it in the hub's cache, as HF_HUB_OFFLINE forbids to download it, found {(Directory.Exists(repository.Folder) ? "only parts or other revisions of it" : "nothing of it")} in {repository.Folder}",
        "unset HF_HUB_OFFLINE once, or name the right cache in HF_HUB_CACHE");
}
